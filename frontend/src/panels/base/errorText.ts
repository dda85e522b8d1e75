import { ApiError } from '@/api/client'
import { t, tIfKnown } from '@/i18n'

/** A sentence for the viewer: the server's own, which is in the viewer's language, unless there is more to say here. */
export function errorText(reason: unknown): string {
  if (!(reason instanceof ApiError)) return t('error.server', { code: '?' })
  if (reason.status === 0) return t('error.network')
  return (tIfKnown(`error.${reason.code}`) ?? reason.message) || t('error.server', { code: reason.code })
}

/** The field of which the server says that it cannot be right, or null. */
export function errorField(reason: unknown): string | null {
  const body = reason instanceof ApiError ? (reason.body as { error?: { where?: string } } | null) : null
  return body?.error?.where ?? null
}
