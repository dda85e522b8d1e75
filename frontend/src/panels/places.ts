import { fetchBuilding, fetchDwelling } from '@/api/places'
import type { AlarmFact } from '@/live/messages'
import { flyTo } from '@/state/camera'
import { gridOf } from '@/state/manifest'
import { select, type Selection } from '@/state/selection'

/** Open an alarm and bring its window into view. */
export function goToAlarm(alarm: AlarmFact): void {
  select('alarm', alarm.id)
  flyTo({ lon: alarm.lon, lat: alarm.lat, heightM: alarm.height_m })
}

/** Bring a place into view that a link names without saying where the camera is. */
export async function flyToPlace({ kind, id }: Selection): Promise<void> {
  if (kind === 'dwelling') {
    const { center, base_m } = await fetchDwelling(id)
    flyTo({ lon: center[0]!, lat: center[1]!, heightM: base_m })
  } else if (kind === 'building') {
    const { center } = await fetchBuilding(id)
    flyTo({ lon: center[0]!, lat: center[1]! })
  } else if (kind === 'grid') {
    const center = gridOf(id)?.center
    if (center) flyTo({ lon: center[0], lat: center[1], zoom: 16.2 })
  }
}
