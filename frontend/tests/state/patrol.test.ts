import { beforeEach, expect, test } from 'vitest'
import type { ShiftFact } from '@/live/messages'
import { applyFrame, applyShift, latestPosition, onMoved, openShifts, replaceShifts, TAIL_MS, tails } from '@/state/patrol'

const TOPIC = 'patrol:12'
const START = Date.parse('2026-03-01T08:00:00Z') / 1000
const shift = (change: Partial<ShiftFact> = {}): ShiftFact => ({
  kind: 'shift', id: 1, grid_id: 12, worker_id: 9, worker_name: '王芳', photo: null, started_at: '2026-03-01T08:00:00Z',
  ended_at: null, lon: null, lat: null, at: null, ...change,
})
const move = (seconds: number, lon = 113.94): void =>
  applyFrame({ kind: 'frame', topic: TOPIC, at: '', moved: [[1, lon, 22.53, START + seconds, 5]] })

beforeEach(() => replaceShifts(TOPIC, []))

test('a worker stands where the last position was, and late ones do not move him back', () => {
  replaceShifts(TOPIC, [shift()])
  move(10, 113.941)
  move(5, 113.9)
  move(10, 113.9)
  expect(latestPosition(1)?.lon).toBe(113.941)
})

test('the tail is as long as it says, in time', () => {
  replaceShifts(TOPIC, [shift()])
  for (let second = 0; second <= TAIL_MS / 1000 + 60; second += 5) move(second)
  const tail = tails.get(1)!
  expect(tail.at(-1)!.at - tail[0]!.at).toBeLessThanOrEqual(TAIL_MS)
})

test('positions of shifts that are not known are ignored', () => {
  const seen: number[] = []
  const stop = onMoved((ids) => seen.push(...ids))
  move(1)
  replaceShifts(TOPIC, [shift({ lon: 113.94, lat: 22.53, at: '2026-03-01T08:00:00Z' })])
  move(2)
  stop()
  expect(seen).toEqual([1])
})

test('a shift that ends takes its tail with it', () => {
  replaceShifts(TOPIC, [shift()])
  move(1)
  applyShift(TOPIC, shift({ ended_at: '2026-03-01T12:00:00Z' }))
  expect(openShifts.size).toBe(0)
  expect(tails.size).toBe(0)
})
