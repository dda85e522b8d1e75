import { expect, test, vi } from 'vitest'
import type { Manifest } from '@/api/manifest'
import { applyShapes, areOther, loadManifest, onShapesChanged, replaceShapes, rootGrid, shapeVersionOf } from '@/state/manifest'

const grid = { name_en: '', colour: '#37d5ff', center: null, granted: true }
const MANIFEST: Manifest = {
  community: { id: 1, name: '海棠湾', name_en: '', time_zone: 'Asia/Shanghai', center: [0, 0], bbox: [0, 0, 1, 1], approval_number: '' },
  version: 5, blocks: { '14/13377/7139': 3 }, layers: [],
  grids: [{ id: 8, path: '/1/8/', name: '一', leaf: true, ...grid }, { id: 1, path: '/1/', name: '海棠湾', leaf: false, ...grid }],
}

test('a tile has the version of its block, or of the community below z14, and only newer versions count', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json(MANIFEST)))
  await loadManifest(1)
  vi.unstubAllGlobals()
  const near = { z: 16, x: 53511, y: 28559 }
  expect([shapeVersionOf(near), shapeVersionOf({ z: 16, x: 1, y: 1 }), shapeVersionOf({ z: 12, x: 1, y: 1 })]).toEqual([3, 0, 5])
  expect(rootGrid.value?.id).toBe(1)

  const told: string[][] = []
  onShapesChanged((blocks) => told.push([...blocks]))
  applyShapes({ kind: 'shapes', blocks: { '14/13377/7139': 4, '14/1/1': 1 }, version: 6 })
  applyShapes({ kind: 'shapes', blocks: { '14/13377/7139': 4 }, version: 6 })
  applyShapes({ kind: 'shapes', blocks: { '14/13377/7139': 2 }, version: 1 })
  expect(told).toEqual([['14/13377/7139', '14/1/1']])
  expect([shapeVersionOf(near), shapeVersionOf({ z: 12, x: 1, y: 1 })]).toEqual([4, 6])
})

test('a snapshot counts as it is, also where the database was put back and its versions are lower', () => {
  applyShapes({ kind: 'shapes', blocks: { '14/1/1': 9, '14/2/2': 9 }, version: 9 })
  const told: string[][] = []
  const stop = onShapesChanged((blocks) => told.push([...blocks].sort()))
  replaceShapes({ kind: 'shapes', blocks: { '14/1/1': 7 }, version: 7 })
  replaceShapes({ kind: 'shapes', blocks: { '14/1/1': 7 }, version: 7 })
  stop()
  expect(told).toEqual([['14/1/1', '14/13377/7139', '14/2/2']])
  expect(shapeVersionOf({ z: 12, x: 1, y: 1 })).toBe(7)
})

test('other leaf grids than those of the manifest are noticed', () => {
  expect(areOther({ kind: 'grids', leaves: [8] })).toBe(false)
  expect(areOther({ kind: 'grids', leaves: [8, 9] })).toBe(true)
  expect(areOther({ kind: 'grids', leaves: [9] })).toBe(true)
})
