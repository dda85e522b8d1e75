import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ColouredHomes, HomesAsked } from '@/api/facades'
import { FacadeColours, type TileHomes } from '@/state/facadeColours'

const tile = (key: string, ...ids: number[]): TileHomes => ({ key, ids, has: (id) => ids.includes(id) })

/** The server, which answers when it is told to. */
class Server {
  readonly asked: HomesAsked[] = []
  private readonly open: { answer: (homes: ColouredHomes) => void; fail: (reason: unknown) => void }[] = []

  ask = (asked: HomesAsked): Promise<ColouredHomes> => {
    this.asked.push(asked)
    return new Promise((answer, fail) => this.open.push({ answer, fail }))
  }

  async answer(homes: ColouredHomes): Promise<void> {
    this.open.shift()!.answer(homes)
    await vi.advanceTimersByTimeAsync(0)
  }

  async fail(): Promise<void> {
    this.open.shift()!.fail(new Error('away'))
    await vi.advanceTimersByTimeAsync(0)
  }
}

let server: Server
let told: string[]
let colours: FacadeColours

beforeEach(() => {
  vi.useFakeTimers()
  server = new Server()
  told = []
  colours = new FacadeColours({
    keys: ['own', 'let'], ask: server.ask, retryMs: 4000,
    tilesColoured: (tiles) => told.push(`tiles ${tiles.map(({ key }) => key).join(' ')}`),
    homesColoured: (ids) => told.push(`homes ${ids.join(' ')}`),
    busy: (busy, failure) => told.push(busy ? 'busy' : failure === null ? 'idle' : 'failed'),
  })
})
afterEach(() => {
  colours.stop()
  vi.useRealTimers()
})
const turn = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0)

describe('the colours of homes', () => {
  test('of tiles that come together are asked for together', async () => {
    colours.add(tile('1/1', 10, 11))
    colours.add(tile('1/2', 20))
    await turn()
    expect(server.asked).toEqual([{ tiles: ['1/1', '1/2'] }])
    await server.answer({ own: [10], let: [20], unheard: [11] })
    expect([10, 11, 20].map((id) => colours.of(id))).toEqual([0, undefined, 1])
    expect(told).toEqual(['busy', 'tiles 1/1 1/2', 'idle'])
  })

  test('that change are asked for by id, and only what looks different is told', async () => {
    colours.add(tile('1/1', 10, 11, 12))
    await turn()
    await server.answer({ own: [10, 11] })
    colours.touch([10, 11, 12, 99])
    await turn()
    expect(server.asked[1]).toEqual({ dwellings: [10, 11, 12] })
    await server.answer({ let: [10], own: [12] })
    expect([10, 11, 12].map((id) => colours.of(id))).toEqual([1, undefined, 0])
    expect(told.at(-2)).toBe('homes 10 11 12')
    colours.touch([10])
    await turn()
    await server.answer({ let: [10] })
    expect(told.filter((what) => what.startsWith('homes'))).toHaveLength(1)
  })

  test('are never those of an answer that is older than the change', async () => {
    colours.add(tile('1/1', 10))
    await turn()
    colours.touch([10])
    await turn()
    expect(server.asked).toHaveLength(1)
    await server.answer({ own: [10] })
    expect(server.asked[1]).toEqual({ dwellings: [10] })
    await server.answer({ let: [10] })
    expect(colours.of(10)).toBe(1)
  })

  test('leave with their tile, also when its answer is still on the way', async () => {
    const leaving = tile('1/1', 10)
    colours.add(leaving)
    await turn()
    colours.remove(leaving)
    await server.answer({ own: [10] })
    expect(colours.of(10)).toBeUndefined()
  })

  test('of a tile whose walls are new are asked for anew', async () => {
    const old = tile('1/1', 10)
    colours.add(old)
    await turn()
    await server.answer({ own: [10] })
    colours.add(tile('1/1', 11))
    colours.remove(old)
    await turn()
    await server.answer({ let: [11] })
    expect([colours.of(10), colours.of(11)]).toEqual([undefined, 1])
  })

  test('are asked for again after a failure, and nothing is lost', async () => {
    colours.add(tile('1/1', 10))
    await turn()
    await server.fail()
    expect(told.at(-1)).toBe('failed')
    expect(server.asked).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(4000)
    expect(server.asked[1]).toEqual({ tiles: ['1/1'] })
    await server.answer({ own: [10] })
    expect(colours.of(10)).toBe(0)
    expect(told.at(-1)).toBe('idle')
  })

  test('are renewed in whole when very many change', async () => {
    colours.add(tile('1/1', ...Array.from({ length: 2000 }, (_, id) => id + 1)))
    await turn()
    await server.answer({})
    colours.touch(Array.from({ length: 2000 }, (_, id) => id + 1))
    await turn()
    expect(server.asked[1]).toEqual({ tiles: ['1/1'] })
  })

  test('that lost their category are dark after a renewal', async () => {
    colours.add(tile('1/1', 10, 11))
    await turn()
    await server.answer({ own: [10, 11] })
    colours.reload()
    await turn()
    expect(colours.of(10)).toBe(0)
    await server.answer({ own: [11] })
    expect(colours.of(10)).toBeUndefined()
  })

  test('are not taken when the mode has ended meanwhile', async () => {
    colours.add(tile('1/1', 10))
    await turn()
    colours.stop()
    await server.answer({ own: [10] })
    expect(told).toEqual(['busy'])
  })
})
