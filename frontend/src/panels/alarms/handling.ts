import { acknowledgeAlarm, closeAlarm } from '@/api/alarms'
import type { Truth } from '@/api/types'
import { applyAlarmDetail } from '@/state/alarms'

/** Acknowledge; the live feed confirms, the answer shows it at once. Throws ApiError. */
export async function acknowledge(id: number): Promise<void> {
  applyAlarmDetail(await acknowledgeAlarm(id))
}

export async function close(id: number, truth: Truth, note: string): Promise<void> {
  applyAlarmDetail(await closeAlarm(id, truth, note))
}
