import { getList, postJson } from './client'
import type { AlarmDetail, Truth } from './types'

const MOST_HISTORY = 8

/** Alarms of a community that began at or after a moment, open and closed, newest first. */
export async function fetchAlarms(communityId: number, since: Date): Promise<AlarmDetail[]> {
  const recent = (alarm: AlarmDetail): boolean => Date.parse(alarm.first_at) >= since.getTime()
  // The list has the newest first: a page that holds nothing recent is the last one needed.
  const alarms = await getList<AlarmDetail>(`/api/alarms/?community=${communityId}&page_size=500`, (rows) => rows.some(recent))
  return alarms.filter(recent)
}

/** The latest alarms of one dwelling, open and closed, newest first. */
export function fetchDwellingAlarms(dwellingId: number): Promise<AlarmDetail[]> {
  return getList<AlarmDetail>(`/api/alarms/?dwelling=${dwellingId}&page_size=${MOST_HISTORY}`, () => false)
}

export function acknowledgeAlarm(id: number): Promise<AlarmDetail> {
  return postJson<AlarmDetail>(`/api/alarms/${id}/acknowledge/`)
}

export function closeAlarm(id: number, truth: Truth, note: string): Promise<AlarmDetail> {
  return postJson<AlarmDetail>(`/api/alarms/${id}/close/`, { truth, note })
}
