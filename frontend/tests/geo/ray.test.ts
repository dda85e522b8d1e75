import { describe, expect, test } from 'vitest'
import { hitPrism, hitWall, insideRings, meetsBox, pointAt, type Ray } from '@/geo/ray'

/** Northwards at a height, from the south. */
const north = (x: number, z: number): Ray => ({ origin: [x, -100, z], direction: [0, 1, 0] })
const SQUARE = [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]] as const

describe('a wall', () => {
  test('is met from outside, at the right distance', () => {
    expect(hitWall(north(5, 1), 0, 0, 10, 0, 0, 3, true)).toBeCloseTo(100)
  })

  test('is not met from behind when only the outside counts', () => {
    expect(hitWall(north(5, 1), 10, 0, 0, 0, 0, 3, true)).toBeNull()
    expect(hitWall(north(5, 1), 10, 0, 0, 0, 0, 3, false)).toBeCloseTo(100)
  })

  test.each([[-0.01, 1], [10.01, 1], [5, -0.01], [5, 3.01]])('is missed at %f, %f', (x, z) => {
    expect(hitWall(north(x, z), 0, 0, 10, 0, 0, 3, true)).toBeNull()
  })

  test('behind the eye or along the ray is not met', () => {
    expect(hitWall({ origin: [5, 100, 1], direction: [0, 1, 0] }, 0, 0, 10, 0, 0, 3, false)).toBeNull()
    expect(hitWall(north(0, 1), 0, 0, 0, 10, 0, 3, false)).toBeNull()
  })

  test('keeps its precision far from the origin', () => {
    const far = 5000.125
    const t = hitWall({ origin: [far, -3000, 40], direction: [0.0001, 1, -0.012] }, far - 1, 0, far + 1, 0, 0, 90, true)
    expect(t).toBeCloseTo(3000, 9)
  })
})

describe('a body', () => {
  const body = { rings: [SQUARE], base: 0, top: 20 }

  test('is met at its wall from the side and at its roof from above', () => {
    expect(hitPrism(north(5, 10), body)).toEqual({ t: 100, part: 'wall' })
    const down: Ray = { origin: [5, -5, 30], direction: [0, 1, -1] }
    expect(hitPrism(down, body)).toEqual({ t: 10, part: 'roof' })
  })

  test('with a courtyard lets a ray through the hole', () => {
    const hole = [[3, 3], [3, 7], [7, 7], [7, 3], [3, 3]] as const
    const yard = { rings: [SQUARE, hole], base: 0, top: 20 }
    expect(insideRings(yard.rings, 5, 5)).toBe(false)
    expect(insideRings(yard.rings, 1, 5)).toBe(true)
    expect(hitPrism({ origin: [5, 5, 50], direction: [0, 0, -1] }, yard)).toBeNull()
    expect(hitPrism({ origin: [1, 5, 50], direction: [0, 0, -1] }, yard)?.part).toBe('roof')
  })

  test('whose courtyard is cut by the border of a tile is open there', () => {
    const half = [[3, 3], [3, 7], [5, 7], [5, 3], [3, 3]] as const
    const west = { rings: [[[0, 0], [5, 0], [5, 10], [0, 10], [0, 0]], half], base: 0, top: 20 } as const
    const westwards = (y: number): Ray => ({ origin: [100, y, 10], direction: [-1, 0, 0] })
    expect(hitPrism(westwards(5), west)).toEqual({ t: 97, part: 'wall' })
    expect(hitPrism(westwards(1), west)).toEqual({ t: 95, part: 'wall' })
  })
})

test('a box is met only nearer than the limit, also by rays along its axes', () => {
  const box = [0, 0, 0, 10, 10, 10]
  expect(meetsBox(north(5, 5), box)).toBe(true)
  expect(meetsBox(north(5, 5), box, 99)).toBe(false)
  expect(meetsBox(north(11, 5), box)).toBe(false)
  expect(meetsBox({ origin: [5, 5, 5], direction: [1, 0, 0] }, box)).toBe(true)
})

test('a point lies on its ray', () => {
  expect(pointAt({ origin: [1, 2, 3], direction: [2, 0, -1] }, 2)).toEqual([5, 2, 1])
})
