import { getJson } from './client'
import type { Track } from './types'

/** The stored track of a shift: walks, stays, and what was removed with the reason. EPSG:4326. */
export function fetchTrack(shiftId: number): Promise<Track> {
  return getJson<Track>(`/api/shifts/${shiftId}/track/`)
}
