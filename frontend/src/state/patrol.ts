import { computed, shallowReactive } from 'vue'
import type { Fact, FrameMessage, ShiftFact } from '@/live/messages'

export interface Position {
  lon: number
  lat: number
  /** Milliseconds since 1970, by the phone. */
  at: number
  /** Metres; null when the phone did not say. */
  accuracyM: number | null
}

/** How much of the way behind a worker is kept for the fading tail. */
export const TAIL_MS = 4 * 60_000
const MOST_TAIL_POINTS = 240

/** Open shifts by id. */
export const openShifts = shallowReactive(new Map<number, ShiftFact>())
/** The latest positions of every open shift, oldest first. Not reactive: it changes every second. */
export const tails = new Map<number, Position[]>()
export const onShiftCount = computed(() => openShifts.size)

const topicOf = new Map<number, string>()
type MoveListener = (shiftIds: readonly number[]) => void
const listeners = new Set<MoveListener>()

/** Told which shifts have a new position. Returns the way to stop listening. */
export function onMoved(listener: MoveListener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function replaceShifts(topic: string, facts: readonly Fact[]): void {
  const shifts = facts.filter((fact): fact is ShiftFact => fact.kind === 'shift')
  const kept = new Set(shifts.map((shift) => shift.id))
  for (const [id, from] of topicOf) if (from === topic && !kept.has(id)) forget(id)
  for (const shift of shifts) keep(topic, shift)
}

export function applyShift(topic: string, fact: Fact): void {
  if (fact.kind === 'shift') keep(topic, fact)
}

export function applyFrame(frame: FrameMessage): void {
  const moved: number[] = []
  for (const [id, lon, lat, seconds, accuracyM] of frame.moved) {
    if (openShifts.has(id) && addPosition(id, { lon, lat, at: seconds * 1000, accuracyM })) moved.push(id)
  }
  if (moved.length > 0) for (const listener of listeners) listener(moved)
}

export function latestPosition(shiftId: number): Position | undefined {
  return tails.get(shiftId)?.at(-1)
}

/** Late and repeated positions do not move a worker backwards. */
function addPosition(id: number, position: Position): boolean {
  const tail = tails.get(id) ?? []
  const last = tail.at(-1)
  if (last !== undefined && position.at <= last.at) return false
  tail.push(position)
  const oldest = position.at - TAIL_MS
  while (tail.length > MOST_TAIL_POINTS || (tail[0] !== undefined && tail[0].at < oldest)) tail.shift()
  tails.set(id, tail)
  return true
}

function keep(topic: string, shift: ShiftFact): void {
  if (shift.ended_at !== null) return forget(shift.id)
  topicOf.set(shift.id, topic)
  openShifts.set(shift.id, shift)
  const { lon, lat, at } = shift
  if (lon !== null && lat !== null && at !== null) {
    addPosition(shift.id, { lon, lat, at: Date.parse(at), accuracyM: null })
  }
}

function forget(id: number): void {
  topicOf.delete(id)
  tails.delete(id)
  openShifts.delete(id)
}
