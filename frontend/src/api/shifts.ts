import { getJson } from './client'

export interface TrackFeature {
  type: 'Feature'
  geometry: { type: 'LineString'; coordinates: [number, number][] } | null
  properties: Record<string, unknown>
}

/** The stored track of a shift, GeoJSON. */
export function fetchTrack(shiftId: number): Promise<TrackFeature> {
  return getJson<TrackFeature>(`/api/shifts/${shiftId}/track/`)
}
