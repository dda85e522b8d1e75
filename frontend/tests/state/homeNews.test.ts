import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { effectScope } from 'vue'
import { followHomes } from '@/panels/people/homesFollowed'
import { AlarmClock } from '@/state/alarmClock'
import { homeTopicBegins, tellHomeNews } from '@/state/homeNews'

beforeEach(() => vi.useFakeTimers({ now: Date.parse('2026-05-01T00:00:00Z') }))
afterEach(() => vi.useRealTimers())
const settle = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)
const news = (about: string, ...ids: number[]): void => tellHomeNews({ kind: 'recoloured', about, dwelling_ids: ids })

test('an open panel asks anew once for several news of its home, and not for those of others', async () => {
  const renew = vi.fn()
  const scope = effectScope()
  scope.run(() => followHomes(() => [5], () => null, renew))
  news('people', 6)
  news('points', 5)
  await settle(2000)
  expect(renew).not.toHaveBeenCalled()
  news('people', 4, 5)
  news('places', 5)
  await settle(2000)
  expect(renew).toHaveBeenCalledTimes(1)
  scope.stop()
  news('people', 5)
  await settle(2000)
  expect(renew).toHaveBeenCalledTimes(1)
})

test('and when a topic begins once more, because something may have been missed', async () => {
  const renew = vi.fn()
  const scope = effectScope()
  scope.run(() => followHomes(() => [5], () => null, renew))
  homeTopicBegins('tags1:7')
  await settle(2000)
  expect(renew).not.toHaveBeenCalled()
  homeTopicBegins('tags1:7')
  await settle(2000)
  expect(renew).toHaveBeenCalledTimes(1)
  scope.stop()
})

test('and when the first of its tags runs out', async () => {
  const renew = vi.fn()
  const scope = effectScope()
  scope.run(() => followHomes(() => [5], () => '2026-05-01T00:01:00Z', renew))
  await settle(59_000)
  expect(renew).not.toHaveBeenCalled()
  await settle(2000)
  expect(renew).toHaveBeenCalledTimes(1)
  scope.stop()
})

test('a clock rings also after months, and not once it was set back', async () => {
  const ring = vi.fn()
  const clock = new AlarmClock(ring)
  clock.set('2026-08-01T00:00:00Z')
  await settle(91 * 86_400_000)
  expect(ring).not.toHaveBeenCalled()
  await settle(2 * 86_400_000)
  expect(ring).toHaveBeenCalledTimes(1)
  clock.set('2026-09-01T00:00:00Z')
  clock.set(null)
  await settle(60 * 86_400_000)
  expect(ring).toHaveBeenCalledTimes(1)
})
