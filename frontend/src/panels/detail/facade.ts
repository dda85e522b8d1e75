import type { BuildingDwelling, BuildingUnit } from '@/api/types'
import { t } from '@/i18n'

/** The dwellings of a building as its front: floors from the top down, one column group per unit. */
export interface Facade {
  readonly units: readonly { readonly id: number; readonly number: string; readonly name: string; readonly width: number }[]
  readonly floors: readonly { readonly floor: number; readonly cells: readonly (readonly BuildingDwelling[])[] }[]
}

/** Arrange dwellings by floor and unit. Floors without any dwelling between others stay visible as gaps. */
export function facadeOf(units: readonly BuildingUnit[], dwellings: readonly BuildingDwelling[]): Facade {
  const floors = [...new Set(dwellings.map(({ floor }) => floor))].sort((a, b) => b - a)
  const columns = unitColumns(units, dwellings)
  const rows = floors.map((floor) => ({
    floor,
    cells: columns.map(({ id }) =>
      dwellings.filter((one) => one.floor === floor && one.unit === id).sort((a, b) => byRoom(a.room, b.room)),
    ),
  }))
  return {
    units: columns.map((column, index) => ({
      ...column, width: Math.max(1, ...rows.map(({ cells }) => cells[index]!.length)),
    })),
    floors: rows,
  }
}

function unitColumns(units: readonly BuildingUnit[], dwellings: readonly BuildingDwelling[]) {
  const used = new Map(dwellings.map((dwelling) => [dwelling.unit, dwelling.unit_number]))
  const known = units.filter(({ id }) => used.has(id)).map(({ id, number, name }) => ({ id, number, name }))
  const others = [...used].filter(([id]) => !known.some((unit) => unit.id === id)).map(([id, number]) => ({ id, number, name: '' }))
  return [...known, ...others].sort((a, b) => byRoom(a.number, b.number))
}

/** What a stairwell is called: its own name (19号), else its number; empty where there is but one. */
export function unitLabel({ number, name }: { readonly number: string; readonly name: string }): string {
  return name || (number ? t('building.unit', { number }) : '')
}

/** "2" before "10", "A2" before "A10". */
export function byRoom(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}
