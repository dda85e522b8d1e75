import type { AlarmFact } from '@/live/messages'
import { flyTo } from '@/state/camera'
import { select } from '@/state/selection'

/** Open an alarm and bring its window into view. */
export function goToAlarm(alarm: AlarmFact): void {
  select('alarm', alarm.id)
  flyTo({ lon: alarm.lon, lat: alarm.lat, heightM: alarm.height_m })
}
