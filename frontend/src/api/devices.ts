import { getList } from './client'
import type { DeviceDetail } from './types'

/** The devices of one dwelling that have not retired. */
export function fetchDwellingDevices(dwellingId: number): Promise<DeviceDetail[]> {
  return getList<DeviceDetail>(`/api/devices/?dwelling=${dwellingId}`)
}
