import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Renewal } from '@/state/renewal'

let finish: ((ok: boolean) => void)[]
let renewal: Renewal

beforeEach(() => {
  vi.useFakeTimers()
  finish = []
  const load = (): Promise<void> => new Promise((done, fail) => finish.push((ok) => (ok ? done() : fail(new Error('away')))))
  renewal = new Renewal(load, 700, 5000)
})
afterEach(() => {
  renewal.stop()
  vi.useRealTimers()
})
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)

test('news in a storm fetch once after the pause', async () => {
  for (let turn = 0; turn < 9; turn++) renewal.soon()
  await pass(699)
  expect(finish).toHaveLength(0)
  await pass(1)
  expect(finish).toHaveLength(1)
})

test('news during a fetch fetch once more, after it', async () => {
  renewal.now()
  await pass(0)
  renewal.soon()
  await pass(9000)
  expect(finish).toHaveLength(1)
  finish[0]!(true)
  await pass(700)
  expect(finish).toHaveLength(2)
})

test('a failure is tried again later', async () => {
  renewal.now()
  await pass(0)
  finish[0]!(false)
  await pass(4999)
  expect(finish).toHaveLength(1)
  await pass(1)
  expect(finish).toHaveLength(2)
})

test('nothing is fetched after the end', async () => {
  renewal.soon()
  renewal.stop()
  await pass(9000)
  expect(finish).toHaveLength(0)
})
