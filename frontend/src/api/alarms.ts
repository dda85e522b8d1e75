import { getList, postJson } from './client'
import type { AlarmDetail, Truth } from './types'

const MOST_HISTORY = 8

/** Alarms of a community that began at or after a moment, open and closed, newest first. */
export async function fetchAlarms(communityId: number, since: Date): Promise<AlarmDetail[]> {
  const alarms = await getList<AlarmDetail>(`/api/alarms/?community=${communityId}&since=${since.toISOString()}`)
  return alarms.filter((alarm) => Date.parse(alarm.first_at) >= since.getTime())
}

/** The latest alarms of one dwelling, open and closed, newest first. */
export async function fetchDwellingAlarms(dwellingId: number): Promise<AlarmDetail[]> {
  const alarms = await getList<AlarmDetail>(`/api/alarms/?dwelling=${dwellingId}`, 1)
  return alarms.slice(0, MOST_HISTORY)
}

export function acknowledgeAlarm(id: number): Promise<AlarmDetail> {
  return postJson<AlarmDetail>(`/api/alarms/${id}/acknowledge/`)
}

export function closeAlarm(id: number, truth: Truth, note: string): Promise<AlarmDetail> {
  return postJson<AlarmDetail>(`/api/alarms/${id}/close/`, { truth, note })
}
