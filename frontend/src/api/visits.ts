import { getList, postJson } from './client'
import type { Visit, VisitOutcome, VisitService } from './types'

/** The newest visits to a home, at most a hundred. Asking is noted in the audit where there is a note to read. */
export function fetchVisits(dwellingId: number): Promise<Visit[]> {
  return getList<Visit>(`/api/visits/?dwelling=${dwellingId}`, () => false)
}

export interface NewVisit {
  readonly dwelling: number
  readonly household: number | null
  /** ISO 8601; null: now. */
  readonly visited_at: string | null
  readonly outcome: VisitOutcome
  readonly service: VisitService | ''
  readonly note: string
  /** Sent again with the same one, the visit is entered once. */
  readonly client_id: string
}

export function enterVisit(visit: NewVisit): Promise<Visit> {
  return postJson<Visit>('/api/visits/', visit)
}

export function withdrawVisit(visitId: number, reason: string): Promise<void> {
  return postJson<void>(`/api/visits/${visitId}/withdraw/`, { reason })
}
