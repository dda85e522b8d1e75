import { getJson } from './client'
import type { PointsSummary } from './types'

/** A household's points, as far as the viewer may know them. Asking is noted in the audit. */
export function fetchPoints(householdId: number): Promise<PointsSummary> {
  return getJson<PointsSummary>(`/api/points/households/${householdId}/`)
}
