import { ApiError } from '@/api/client'
import { t, tIfKnown } from '@/i18n'

/** A sentence for the viewer; the server's codes are known by name, the rest by status. */
export function errorText(reason: unknown): string {
  if (!(reason instanceof ApiError)) return t('error.server', { code: '?' })
  return tIfKnown(`error.${reason.code}`) ?? byStatus(reason)
}

function byStatus({ status, code }: ApiError): string {
  if (status === 0) return t('error.network')
  if (status === 400 || status === 422) return t('error.invalid')
  if (status === 401) return t('error.unauthenticated')
  if (status === 403) return t('error.forbidden')
  if (status === 404) return t('error.not_found')
  if (status === 409) return t('error.conflict')
  if (status === 429) return t('error.throttled')
  return t('error.server', { code })
}
