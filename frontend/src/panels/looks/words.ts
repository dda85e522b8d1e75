import type { Look } from '@/api/types'
import { t, tIfKnown } from '@/i18n'

/** What was done, in words. */
export function nameOfLook({ action, field, views, shown }: Pick<Look, 'action' | 'field' | 'views' | 'shown'>): string {
  if (views !== null) return t('looks.many', { count: views })
  const words = tIfKnown(`looks.action.${action}`) ?? action
  if (shown !== null) return t('looks.told', { words, count: shown })
  const what = field === null ? null : tIfKnown(`reveal.field.${field}`)
  return what === null ? words : t('looks.of', { words, what })
}

/** "people.Household:7" as people say it: nobody is named here. */
export function nameOfSubject(subject: string): string {
  const [kind, id] = subject.split(':')
  if (kind === undefined || id === undefined) return ''
  const words = tIfKnown(`looks.subject.${kind}`)
  return words === null ? subject : t('looks.numbered', { words, id })
}
