import { afterEach, describe, expect, test, vi } from 'vitest'
import { frameMatrix, localFrame } from '@/geo/frame'
import { invert, multiply } from '@/geo/matrix'
import { tileAt, tileKey } from '@/geo/tile'
import { TileStore } from '@/map/windows/tileStore'
import { tilesInView, windowReach } from '@/map/windows/tilesInView'
import { boxWalls, encodePanelFile } from '../geo/panelFiles'

const HERE = [113.94, 22.53] as const
const BBOX = [113.9, 22.5, 113.98, 22.56] as const

/** A camera 120 m above HERE that looks north and slightly down. */
function viewNorth(focalPx: number) {
  const [near, far] = [1, 20_000]
  const projection = new Float64Array([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, -(far + near) / (far - near), -1, 0, 0, (-2 * far * near) / (far - near), 0])
  const turn = new Float64Array([1, 0, 0, 0, 0, 0.3, -0.954, 0, 0, 0.954, 0.3, 0, 0, 0, 0, 1])
  const back = new Float64Array([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, -120, 1])
  const local = multiply(projection, multiply(turn, back))
  const mercatorToClip = multiply(local, invert(frameMatrix(localFrame(HERE)))!)
  return { mercatorToClip, eye: [...HERE, 120] as const, focalPx }
}

describe('tiles in view', () => {
  const tiles = tilesInView(viewNorth(1000), BBOX, 16)

  test('begin with the one below the camera and reach forward, not back', () => {
    expect(tiles[0]).toEqual(tileAt(HERE, 16))
    const own = tileAt(HERE, 16)
    expect(tiles.some(({ y }) => y < own.y)).toBe(true)
    expect(tiles.some(({ y }) => y > own.y + 1)).toBe(false)
  })

  test('end where a storey is too small to see', () => {
    expect(windowReach(1000)).toBeGreaterThan(1000)
    expect(tilesInView(viewNorth(200), BBOX, 16).length).toBeLessThan(tiles.length)
  })

  test('are none far from the community', () => {
    expect(tilesInView({ ...viewNorth(1000), eye: [0, 0, 100] }, BBOX, 16)).toEqual([])
  })
})

describe('the store of tiles', () => {
  afterEach(() => vi.unstubAllGlobals())
  const tile = tileAt(HERE, 16)
  const other = { ...tile, x: tile.x + 8 }

  function store(answer: (url: string) => Response | Promise<Response>) {
    const asked: string[] = []
    vi.stubGlobal('fetch', (url: string) => {
      asked.push(url)
      return Promise.resolve(answer(url))
    })
    let changed = (): void => undefined
    const next = (): Promise<void> => new Promise((resolve) => (changed = resolve))
    let version = 3
    const tiles = new TileStore({
      url: ({ x }, of) => `${x}@${of}`, versionOf: () => version, changed: () => changed(), dropped: () => undefined,
    })
    return { tiles, asked, next, raise: () => version++ }
  }
  const file = (): Response => new Response(encodePanelFile(tile, [{ id: 1, building: 1, floor: 1, base: 0, top: 3, walls: boxWalls(0, 0, 9, 9) }]))

  test('asks once for a tile, under its version, and then has it', async () => {
    const { tiles, asked, next } = store(file)
    const arrived = next()
    expect(tiles.want([tile])).toEqual([])
    expect(tiles.busy).toBe(true)
    tiles.want([tile])
    await arrived
    expect(asked).toEqual([`${tile.x}@3`])
    expect(tiles.want([tile])).toHaveLength(1)
    expect(tiles.busy).toBe(false)
  })

  test('keeps drawing the old shapes until the new ones are there, and asks only for what changed', async () => {
    const { tiles, asked, next, raise } = store(file)
    let arrived = next()
    tiles.want([tile])
    await arrived
    arrived = next()
    tiles.want([tile, other])
    await arrived
    const [old] = tiles.want([tile, other])
    raise()
    tiles.refresh(new Set([tileKey({ z: 14, x: tile.x >> 2, y: tile.y >> 2 })]))
    arrived = next()
    expect(tiles.want([tile, other])[0]).toBe(old)
    await arrived
    expect(tiles.want([tile, other])[0]).not.toBe(old)
    expect(asked).toEqual([`${tile.x}@3`, `${other.x}@3`, `${tile.x}@4`])
  })

  test('survives a tile that cannot be read', async () => {
    const silent = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const { tiles, next } = store(() => new Response('garbage'))
    const arrived = next()
    tiles.want([tile])
    await arrived
    expect(tiles.want([tile])).toEqual([])
    expect(tiles.busy).toBe(false)
    expect(String(silent.mock.calls[0])).toMatch(/shorter than the header/)
    silent.mockRestore()
  })
})
