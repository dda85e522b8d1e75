import { describe, expect, test } from 'vitest'
import { decodePanelFile, PanelFileError } from '@/geo/panelFile'
import { boxWalls, encodePanelFile } from './panelFiles'

const TILE = { z: 16, x: 53510, y: 28556 }
const DWELLINGS = [
  { id: 9007199254740991, building: 7, floor: -1, base: -3, top: 0, walls: boxWalls(0, 0, 10, 8) },
  { id: 12, building: 8, floor: 1, base: 0, top: 2.9, estimated: true, walls: [[1, 2, 3, 4]] as [number, number, number, number][] },
  { id: 13, building: 7, floor: 2, base: 2.9, top: 5.8, walls: [] },
]

describe('a panel file', () => {
  test('comes back as it was written', () => {
    const file = decodePanelFile(encodePanelFile(TILE, DWELLINGS))
    expect([file.z, file.x, file.y]).toEqual([16, 53510, 28556])
    expect([...file.dwellingIds]).toEqual([9007199254740991, 12, 13])
    expect([...file.buildingIds]).toEqual([7, 8])
    expect([...file.firstPanel]).toEqual([0, 4, 5, 5])
    expect([...file.buildingIndex]).toEqual([0, 1, 0])
    expect([...file.floor]).toEqual([-1, 1, 2])
    expect([...file.flags]).toEqual([0, 1, 0])
    expect([...file.panels.slice(16, 20)]).toEqual([1, 2, 3, 4])
    expect(file.top[1]).toBeCloseTo(2.9, 5)
  })

  test('may hold nothing', () => {
    const file = decodePanelFile(encodePanelFile(TILE, []))
    expect(file.dwellingIds.length).toBe(0)
    expect([...file.firstPanel]).toEqual([0])
  })

  test.each([
    ['another magic', (view: DataView) => view.setUint8(0, 88), /starts with "XWPN"/],
    ['a later version', (view: DataView) => view.setUint16(4, 2, true), /format version 2/],
    ['another header length', (view: DataView) => view.setUint16(6, 80, true), /header of 80 bytes/],
    ['a wrong count', (view: DataView) => view.setUint32(20, 4, true), /need/],
    ['an origin that is no number', (view: DataView) => view.setFloat64(32, Number.NaN, true), /origin/],
  ])('with %s is refused by name', (_, spoil, message) => {
    const buffer = encodePanelFile(TILE, DWELLINGS)
    spoil(new DataView(buffer))
    expect(() => decodePanelFile(buffer)).toThrow(PanelFileError)
    expect(() => decodePanelFile(buffer)).toThrow(message)
  })

  test('that was cut off is refused', () => {
    expect(() => decodePanelFile(encodePanelFile(TILE, DWELLINGS).slice(0, -1))).toThrow(/need/)
    expect(() => decodePanelFile(new ArrayBuffer(10))).toThrow(/shorter than the header/)
  })

  test('whose dwellings point beyond its panels is refused', () => {
    const buffer = encodePanelFile(TILE, DWELLINGS)
    const firstPanelAt = 64 + 8 * 5 + 16 * 5 + 8 * 3
    new DataView(buffer).setUint32(firstPanelAt + 4, 99, true)
    expect(() => decodePanelFile(buffer)).toThrow(/first panel 99/)
  })
})
