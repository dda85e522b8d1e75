/** The messages of `/live/`. A closed union: a new kind does not compile until it is handled. */

export interface Words {
  zh: string
  en: string
}

export type Condition = 'ACTIVE' | 'CLEARED'
export type Handling = 'NEW' | 'ACKED' | 'DISPATCHED' | 'ON_SITE' | 'RESOLVED' | 'CLOSED'
export type Severity = 1 | 2 | 3 | 4
export type DeviceStatus = 'online' | 'offline' | 'retired'

export interface AlarmFact {
  kind: 'alarm'
  id: number
  grid_id: number
  device_id: number
  device_name: string
  device_kind: string
  building_id: number | null
  unit_id: number | null
  dwelling_id: number | null
  lon: number
  lat: number
  height_m: number
  address: string
  rule: string
  title: Words
  severity: Severity
  condition: Condition
  handling: Handling
  count: number
  first_at: string
  last_at: string
  acked_at: string | null
  closed_at: string | null
}

export interface AlarmLeftFact {
  kind: 'alarm_left'
  id: number
}

export interface ShiftFact {
  kind: 'shift'
  id: number
  grid_id: number
  worker_id: number
  worker_name: string
  photo: string | null
  started_at: string
  ended_at: string | null
  lon: number | null
  lat: number | null
  at: string | null
}

export interface DeviceFact {
  kind: 'device'
  id: number
  grid_id: number
  device_kind: string
  name: string
  status: DeviceStatus
  building_id: number | null
  dwelling_id: number | null
  lon: number
  lat: number
  height_m: number
}

export interface DeviceLeftFact {
  kind: 'device_left'
  id: number
}

export interface ShapesFact {
  kind: 'shapes'
  blocks: Record<string, number>
  version: number
}

/** The viewer's roles changed then: what may be seen is to be asked anew. */
export interface RightsFact {
  kind: 'rights'
  changed_at: string | null
}

export type Fact = AlarmFact | AlarmLeftFact | ShiftFact | DeviceFact | DeviceLeftFact | ShapesFact | RightsFact

/** One position: shift, longitude, latitude (EPSG:4326), Unix seconds, accuracy in metres (null: not told). */
export type Moved = [shiftId: number, lon: number, lat: number, at: number, accuracyM: number | null]

export interface HelloMessage {
  kind: 'hello'
  protocol: number
  server_time: string
}

export interface SnapshotMessage {
  kind: 'snapshot'
  topic: string
  seq: number
  items: Fact[]
}

export interface ChangeMessage {
  kind: 'change'
  topic: string
  seq: number
  at: string
  fact: Fact
}

export interface HeadsMessage {
  kind: 'heads'
  heads: Record<string, number>
}

export interface FrameMessage {
  kind: 'frame'
  topic: string
  at: string
  moved: Moved[]
}

export interface RefusedMessage {
  kind: 'refused'
  topic: string
  reason: string
}

export interface ErrorMessage {
  kind: 'error'
  code: string
  message: string
}

export type ServerMessage =
  | HelloMessage
  | SnapshotMessage
  | ChangeMessage
  | HeadsMessage
  | FrameMessage
  | RefusedMessage
  | ErrorMessage

export interface JoinRequest {
  kind: 'join'
  topics: { topic: string; after: number | null }[]
}

export interface LeaveRequest {
  kind: 'leave'
  topics: string[]
}

export type ClientMessage = JoinRequest | LeaveRequest
