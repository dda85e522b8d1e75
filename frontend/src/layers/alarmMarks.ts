import type { AlarmFact, Severity } from '@/live/messages'
import { isBurning } from './dwellingStates'

/** One place where alarms burn; several alarms of one dwelling or device stand together. */
export interface AlarmMark {
  readonly lon: number
  readonly lat: number
  readonly heightM: number
  /** The most urgent of them. */
  readonly severity: Severity
  /** The alarm that a click opens. */
  readonly alarm: number
  readonly count: number
}

/** Alarms to marks: those that still burn, grouped by place, most urgent first. */
export function alarmMarks(alarms: Iterable<AlarmFact>): AlarmMark[] {
  const places = new Map<string, AlarmMark>()
  for (const alarm of alarms) {
    if (!isBurning(alarm)) continue
    const place = alarm.dwelling_id === null
      ? `${alarm.lon.toFixed(5)},${alarm.lat.toFixed(5)},${alarm.height_m.toFixed(0)}`
      : `dwelling ${alarm.dwelling_id}`
    const known = places.get(place)
    const worse = known === undefined || alarm.severity < known.severity
    places.set(place, {
      lon: known?.lon ?? alarm.lon,
      lat: known?.lat ?? alarm.lat,
      heightM: known?.heightM ?? alarm.height_m,
      severity: worse ? alarm.severity : known.severity,
      alarm: worse ? alarm.id : known.alarm,
      count: (known?.count ?? 0) + 1,
    })
  }
  return [...places.values()].sort((a, b) => a.severity - b.severity || a.alarm - b.alarm)
}
