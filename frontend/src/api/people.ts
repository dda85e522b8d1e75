import { getJson, postJson } from './client'
import type { Panorama, PersonDetail, Revealed, RevealField, RevealSubject } from './types'

/** The story of one window. Asking for it is noted in the audit. */
export function fetchPanorama(dwellingId: number): Promise<Panorama> {
  return getJson<Panorama>(`/api/panoramas/${dwellingId}/`)
}

/** One person: homes, household, tags, care. Asking is noted in the audit. */
export function fetchPerson(personId: number): Promise<PersonDetail> {
  return getJson<PersonDetail>(`/api/people/${personId}/`)
}

/** One field as it really is, for a minute. The audit keeps the reason. */
export function reveal(subject: RevealSubject, id: number, field: RevealField, reason: string): Promise<Revealed> {
  return postJson<Revealed>('/api/reveals/', { subject, id, field, reason })
}
