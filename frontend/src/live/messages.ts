/**
 * The messages of `/live/`. A closed union: a new kind does not compile until it is handled.
 * Generated from layers/live by `manage.py live_types --write`; a test fails when it is stale.
 */

export type Condition = 'ACTIVE' | 'CLEARED'

export type Handling = 'NEW' | 'ACKED' | 'DISPATCHED' | 'ON_SITE' | 'RESOLVED' | 'CLOSED'

export type Severity = 1 | 2 | 3 | 4

export type DeviceStatus = 'online' | 'offline' | 'retired'

export interface Words {
  zh: string
  en: string
}

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

/** The alarm belongs to another grid now, and is told in that grid's topic. */
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

/** The device belongs to another grid now, and is told in that grid's topic. */
export interface DeviceLeftFact {
  kind: 'device_left'
  id: number
}

/** In facade modes about this subject these dwellings may look different now; "places": in every mode. What they look like is asked for, at the gate. */
export interface RecolouredFact {
  kind: 'recoloured'
  about: string
  dwelling_ids: number[]
}

/** What is drawn has these versions now: by z14 block ("14/x/y"), and for the community as a whole. */
export interface ShapesFact {
  kind: 'shapes'
  blocks: Record<string, number>
  version: number
}

/** The leaf grids that there are now. Other ones than those of the manifest: it is to be asked anew, and so is what to follow. */
export interface GridsFact {
  kind: 'grids'
  leaves: number[]
}

/** The viewer's roles changed then: what may be seen is to be asked anew. Null: never. */
export interface RightsFact {
  kind: 'rights'
  changed_at: string | null
}

/** Somebody has looked at more people in a short time than is usual. `id` is that of the audit's entry. */
export interface ManyLookedFact {
  kind: 'many_looked'
  id: number
  community_id: number
  by_id: number
  by_name: string
  views: number
  at: string
}

export type Fact =
  | AlarmFact
  | AlarmLeftFact
  | ShiftFact
  | DeviceFact
  | DeviceLeftFact
  | RecolouredFact
  | ShapesFact
  | GridsFact
  | RightsFact
  | ManyLookedFact

/** One position: shift, longitude, latitude (EPSG:4326), Unix seconds, accuracy in metres (null: not told). */
export type Moved = [shiftId: number, lon: number, lat: number, at: number, accuracyM: number | null]

export interface HelloMessage {
  kind: 'hello'
  protocol: number
  server_time: string
}

/** Replaces everything that the client holds of the topic. */
export interface SnapshotMessage {
  kind: 'snapshot'
  topic: string
  seq: number
  items: Fact[]
}

/** `seq` follows on the last one; if it does not, join again with `after` = the last. */
export interface ChangeMessage {
  kind: 'change'
  topic: string
  seq: number
  at: string
  fact: Fact
}

/** The last number of each joined topic, every 10 s. One above your own: join again with `after` = your own. */
export interface HeadsMessage {
  kind: 'heads'
  heads: Record<string, number>
}

/** Who moved where; about one a second, not numbered, never repeated. */
export interface FrameMessage {
  kind: 'frame'
  topic: string
  at: string
  moved: Moved[]
}

/** `not_found`: no such topic, or none for you. `ended`: the right to it has ended. `too_many`: leave others first. */
export interface RefusedMessage {
  kind: 'refused'
  topic: string
  reason: string
}

/** What was wrong with the client's message. */
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

/** `after`: the number of the last change that is known, null for a snapshot. */
export interface JoinTopic {
  topic: string
  after: number | null
}

export interface JoinRequest {
  kind: 'join'
  topics: JoinTopic[]
}

export interface LeaveRequest {
  kind: 'leave'
  topics: string[]
}

export type ClientMessage =
  | JoinRequest
  | LeaveRequest
