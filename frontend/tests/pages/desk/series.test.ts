import { expect, test } from 'vitest'
import type { ManifestGrid } from '@/api/manifest'
import { ageRows, gridRows } from '@/pages/desk/charts/series'
import { gridTree } from '@/pages/desk/gridTree'

const step = (from: number | null, to: number | null, male: number, female = 0, unknown = 0) => ({ from, to, male, female, unknown })

test('a pyramid ends with its oldest people, and those of unknown age stand apart', () => {
  const rows = ageRows([step(0, 4, 1), step(5, 9, 0), step(10, 14, 0, 2), step(15, 19, 0), step(100, null, 0), step(null, null, 1, 0, 1)])
  expect(rows.map(({ ages }) => ages)).toEqual(['0–4', '5–9', '10–14', null])
})

test('the last step has no end', () => {
  expect(ageRows([step(95, 99, 0), step(100, null, 1)]).map(({ ages }) => ages)).toEqual(['95–99', '100+'])
})

test('a grid counts every kind, also those that nobody there has', () => {
  const [row] = gridRows([{ grid: 1, name: { zh: '一', en: 'One' }, counts: { own: 3, rent: 2 } }])
  expect(row).toMatchObject({ total: 5, counts: { own: 3, rent: 2, lent: 0, registered_only: 0, unknown: 0 } })
})

test('grids stand below each other as their paths say, without the community above them all', () => {
  const grid = (id: number, path: string): ManifestGrid => ({
    id, path, name: `${id}`, name_en: '', colour: '#000', leaf: false, center: null, granted: true,
  })
  const tree = gridTree([grid(1, '/1/'), grid(2, '/1/2/'), grid(12, '/1/12/'), grid(3, '/1/2/3/')])
  expect(tree.map(({ grid: { id }, depth }) => [id, depth])).toEqual([[2, 0], [3, 1], [12, 0]])
})
