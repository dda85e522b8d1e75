import { expect, test } from 'vitest'
import type { BuildingDwelling } from '@/api/types'
import { byRoom, facadeOf, unitLabel } from '@/panels/detail/facade'

const dwelling = (id: number, unit: number, floor: number, room: string): BuildingDwelling => ({
  id, building: 1, unit, unit_number: String(unit), floor, room, use: 'own', estimated: false,
})

test('the facade stands upright: floors from the top, units from the left, rooms in order', () => {
  const units = [{ id: 2, number: '2', name: '', floors: [] }, { id: 10, number: '10', name: '', floors: [] }, { id: 3, number: '3', name: '', floors: [] }]
  const facade = facadeOf(units, [
    dwelling(1, 2, 1, '102'), dwelling(2, 2, 1, '101'), dwelling(3, 10, 1, '101'), dwelling(4, 2, -1, 'B1'), dwelling(5, 10, 12, '1201'),
  ])
  expect(facade.units.map(({ number, width }) => [number, width])).toEqual([['2', 2], ['10', 1]])
  expect(facade.floors.map(({ floor }) => floor)).toEqual([12, 1, -1])
  expect(facade.floors[1]!.cells.map((cell) => cell.map(({ id }) => id))).toEqual([[2, 1], [3]])
})

test('a unit that the list of units does not name has its column all the same', () => {
  expect(facadeOf([], [dwelling(1, 7, 1, '101')]).units).toEqual([{ id: 7, number: '7', name: '', width: 1 }])
})

test('a stairwell is called by its own name, else by its number', () => {
  expect(unitLabel({ number: '3', name: '21号' })).toBe('21号')
  expect(unitLabel({ number: '3', name: '' })).toBe('3 单元')
  expect(unitLabel({ number: '', name: '' })).toBe('')
})

test('rooms count as people do', () => {
  expect(['1001', '201', 'A10', 'A2'].sort(byRoom)).toEqual(['201', '1001', 'A2', 'A10'])
})
