import { describe, expect, test } from 'vitest'
import { decodePanelFile } from '@/geo/panelFile'
import type { Ray } from '@/geo/ray'
import { mitres, outward } from '@/map/windows/miter'
import { pickIndex, pickPanel } from '@/map/windows/pickPanels'
import { quadIndices } from '@/map/windows/quadIndex'
import { TileMesh } from '@/map/windows/tileMesh'
import { ROW_WALLS, WALL_TEXELS, hash, wallTable } from '@/map/windows/wallTable'
import { boxWalls, encodePanelFile, type TestDwelling } from '../geo/panelFiles'

const TILE = { z: 16, x: 53510, y: 28556 }

/** Blocks of flats 40 m apart, one dwelling of four walls a floor. */
function blocks(count: number, floors: number): TestDwelling[] {
  return Array.from({ length: count * floors }, (_, index) => {
    const [block, floor] = [Math.floor(index / floors), index % floors]
    return {
      id: 1000 + index, building: block + 1, floor: floor + 1, base: floor * 3, top: floor * 3 + 3,
      walls: boxWalls(block * 40, 0, block * 40 + 20, 10),
    }
  })
}
const file = decodePanelFile(encodePanelFile(TILE, blocks(8, 60)))

describe('the table of walls', () => {
  const table = wallTable(file)

  test('holds every wall once, in chunks that do not overlap', () => {
    expect(table.count).toBe(8 * 60 * 4)
    expect(table.words.length).toBe(table.rows * ROW_WALLS * WALL_TEXELS * 4)
    const covered = table.chunks.flatMap(({ first, count }) => Array.from({ length: count }, (_, i) => first + i))
    expect(covered).toEqual(Array.from({ length: table.count }, (_, i) => i))
    expect(table.chunks.length).toBeGreaterThan(1)
  })

  test('keeps each wall with its own dwelling', () => {
    const floats = new Float32Array(table.words.buffer)
    for (let wall = 0; wall < table.count; wall += 37) {
      const at = wall * WALL_TEXELS * 4
      const dwelling = table.words[at + 8]!
      const own = [...file.panels.slice(file.firstPanel[dwelling]! * 4, file.firstPanel[dwelling + 1]! * 4)]
      const written = [...floats.slice(at, at + 4)]
      expect([0, 4, 8, 12].some((k) => own.slice(k, k + 4).every((value, i) => value === written[i]))).toBe(true)
      expect(floats[at + 4]).toBe(file.base[dwelling])
    }
  })

  test('has boxes that hold their walls', () => {
    expect(table.box).toEqual([0, 0, 0, 300, 10, 180])
  })

  test('of an empty tile can still be uploaded', () => {
    const empty = wallTable(decodePanelFile(encodePanelFile(TILE, [])))
    expect([empty.count, empty.chunks.length, empty.rows]).toEqual([0, 0, 1])
  })
})

describe('walls pushed outwards', () => {
  test('meet at the corners', () => {
    const walls = boxWalls(0, 0, 10, 8).flat()
    const pushes = mitres(walls, [0, 0, 0, 0])
    const moved = walls.map((value, index) => value + pushes[index]!)
    expect(moved).toEqual(boxWalls(-1, -1, 11, 9).flat())
  })

  test('stay in line where two dwellings share a front', () => {
    const pushes = mitres([0, 0, 5, 0, 5, 0, 10, 0], [0, 0])
    expect([...pushes].map(Math.abs)).toEqual([0, 1, 0, 1, 0, 1, 0, 1])
    expect(outward([0, 0, 5, 0], 0)).toEqual([0, -1])
  })

  test('of different floors do not join', () => {
    const pushes = mitres([0, 0, 10, 0, 10, 0, 10, 8], [0, 3])
    expect([...pushes.slice(2, 4)].map((value) => value + 0)).toEqual([0, -1])
  })

  test('do not shoot away at sharp corners', () => {
    for (const value of mitres([0, 0, 10, 0, 10, 0, 0, 0.5], [0, 0])) expect(Math.abs(value)).toBeLessThanOrEqual(2.5)
  })
})

describe('picking', () => {
  const index = pickIndex(file)
  const from = (x: number, z: number): Ray => ({ origin: [x, -300, z + 30], direction: [0, 300, -30] })

  test('finds the window that faces the eye', () => {
    const hit = pickPanel(index, from(5, 40))
    expect(file.dwellingIds[hit!.dwelling]).toBe(1000 + 13)
    expect(hit!.t).toBeCloseTo(1)
  })

  test('takes the nearer of two buildings in line', () => {
    const along: Ray = { origin: [-100, 5, 50], direction: [1, 0, 0] }
    expect(file.buildingIds[file.buildingIndex[pickPanel(index, along)!.dwelling]!]).toBe(1)
  })

  test('finds nothing in the sky or between buildings', () => {
    expect(pickPanel(index, from(30, 40))).toBeNull()
    expect(pickPanel(index, { origin: [5, -300, 200], direction: [0, 1, 0.1] })).toBeNull()
  })

  test('agrees with a search through all walls, for many rays', () => {
    for (let step = 0; step < 200; step++) {
      const ray = from((step * 37) % 320, (step * 11) % 190)
      const hit = pickPanel(index, ray)
      const block = Math.floor(ray.origin[0] / 40)
      const inside = ray.origin[0] - block * 40 <= 20 && block < 8 && ray.origin[2] - 30 <= 180
      expect(hit !== null).toBe(inside)
    }
  })
})

test('the bytes of a dwelling are its own', () => {
  const mesh = new TileMesh(file)
  mesh.setState(300, 0x4cc3ff, 0x80)
  expect([299, 300, 301].map((index) => mesh.stateOf(index).tint)).toEqual([0, 0x4cc3ff, 0])
  expect(mesh.stateOf(300).flags).toBe(0x80)
})

test('quads become two triangles, counter-clockwise', () => {
  expect([...quadIndices(2)]).toEqual([0, 1, 2, 2, 1, 3, 4, 5, 6, 6, 5, 7])
})

test('a home keeps the look of its windows, and neighbours differ', () => {
  expect(hash(1000)).toBe(hash(1000))
  expect(new Set(Array.from({ length: 1000 }, (_, id) => hash(id))).size).toBe(1000)
})
