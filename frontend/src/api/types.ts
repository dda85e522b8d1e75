import type { components } from './schema'

type Schemas = components['schemas']

export type Session = Schemas['Session']
export type SessionCommunity = Schemas['SessionCommunity']
export type DemoLogin = Schemas['DemoLogin']
export type Head = Schemas['Head']
export type Counts = Schemas['Counts']
export type GridDetail = Schemas['Grid']
export type BuildingDetail = Schemas['Building']
export type BuildingUnit = Schemas['Unit']
export type BuildingDwelling = Schemas['BuildingDwelling']
export type DwellingDetail = Schemas['Dwelling']
export type AlarmDetail = Schemas['Alarm']
export type DeviceDetail = Schemas['Device']
export type SearchHit = Schemas['SearchHit']
export type ShiftDetail = Schemas['Shift']

export type Truth = 'real' | 'misuse' | 'device_fault' | 'test' | 'unknown'
export const TRUTHS: readonly Truth[] = ['real', 'misuse', 'device_fault', 'test', 'unknown']
