import type { HouseholdEntry, PersonEntry } from '@/api/types'
import { t } from '@/i18n'

/** "女 · 72 岁", as far as the viewer is told. */
export function sexAndAge({ sex, age }: Pick<PersonEntry, 'sex' | 'age'>): string {
  const parts: string[] = []
  if (sex === 'male' || sex === 'female') parts.push(t(`person.sex.${sex}`))
  if (age !== null) parts.push(t('person.age', { age }))
  return parts.join(' · ')
}

/** "王** 户", after its head; by its number where nobody is told. */
export function householdName({ called, number }: Pick<HouseholdEntry, 'called' | 'number'>): string {
  return called ? t('household.called', { name: called }) : t('household.numbered', { number })
}
