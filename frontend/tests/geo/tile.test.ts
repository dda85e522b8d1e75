import { expect, test } from 'vitest'
import { ancestor, tileAt, tileCentre, tileKey, tilesIn } from '@/geo/tile'

test('a tile is found from a point and holds its own centre', () => {
  const tile = tileAt([113.94, 22.53], 16)
  expect(tileKey(tile)).toBe('16/53510/28556')
  expect(tileAt(tileCentre(tile), 16)).toEqual(tile)
})

test('the block of a tile is its ancestor at z14', () => {
  expect(ancestor({ z: 16, x: 53511, y: 28559 }, 14)).toEqual({ z: 14, x: 13377, y: 7139 })
  expect(ancestor({ z: 13, x: 5, y: 6 }, 14)).toEqual({ z: 13, x: 5, y: 6 })
})

test('a bbox is covered row by row, and the edge of the world belongs to it', () => {
  const tiles = tilesIn([113.935, 22.525, 113.945, 22.535], 16)
  expect(new Set(tiles.map(tileKey)).size).toBe(tiles.length)
  expect(tiles).toContainEqual(tileAt([113.945, 22.525], 16))
  expect(tilesIn([-180, -85.06, 180, 85.06], 1)).toHaveLength(4)
})
