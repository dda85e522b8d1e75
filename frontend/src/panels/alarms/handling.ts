import { acknowledgeAlarm, closeAlarm } from '@/api/alarms'
import type { Truth } from '@/api/types'
import type { AlarmFact } from '@/live/messages'
import { applyAlarmDetail } from '@/state/alarms'

/** Acknowledge; the live feed confirms, the answer shows it at once. Throws ApiError. */
export async function acknowledge(id: number): Promise<void> {
  applyAlarmDetail(await acknowledgeAlarm(id))
}

/** Close; an alarm that nobody has acknowledged yet is acknowledged on the way. Throws ApiError. */
export async function close(alarm: AlarmFact, truth: Truth, note: string): Promise<void> {
  if (alarm.handling === 'NEW') await acknowledge(alarm.id)
  applyAlarmDetail(await closeAlarm(alarm.id, truth, note))
}
