import { tileCentre } from '@/geo/tile'

/** A dwelling to be written into a panel file. */
export interface TestDwelling {
  id: number
  building: number
  floor: number
  base: number
  top: number
  estimated?: boolean
  /** x0, y0, x1, y1 in local metres, outside on the right. */
  walls: [number, number, number, number][]
}

/** Encode a panel file by hand, byte for byte as docs/formats.md describes it. */
export function encodePanelFile(tile: { z: number; x: number; y: number }, dwellings: TestDwelling[]): ArrayBuffer {
  const buildings = [...new Set(dwellings.map(({ building }) => building))]
  const walls = dwellings.flatMap((dwelling) => dwelling.walls)
  const [d, p, b] = [dwellings.length, walls.length, buildings.length]
  const buffer = new ArrayBuffer(64 + 8 * (d + b) + 16 * p + 8 * d + 4 * (2 * d + 1) + 3 * d)
  const view = new DataView(buffer)
  ;[...'TWPN'].forEach((letter, at) => view.setUint8(at, letter.charCodeAt(0)))
  view.setUint16(4, 1, true)
  view.setUint16(6, 64, true)
  ;[tile.z, tile.x, tile.y, d, p, b].forEach((value, index) => view.setUint32(8 + index * 4, value, true))
  tileCentre(tile).forEach((value, index) => view.setFloat64(32 + index * 8, value, true))
  let at = 64
  const put = (values: number[], width: number, set: (at: number, value: number) => void): void => {
    for (const value of values) {
      set(at, value)
      at += width
    }
  }
  put([...dwellings.map(({ id }) => id), ...buildings], 8, (to, value) => view.setFloat64(to, value, true))
  const floats = [...walls.flat(), ...dwellings.map(({ base }) => base), ...dwellings.map(({ top }) => top)]
  put(floats, 4, (to, value) => view.setFloat32(to, value, true))
  const firsts = dwellings.reduce((list, one) => [...list, list.at(-1)! + one.walls.length], [0])
  const indices = dwellings.map(({ building }) => buildings.indexOf(building))
  put([...firsts, ...indices], 4, (to, value) => view.setUint32(to, value, true))
  put(dwellings.map(({ floor }) => floor), 2, (to, value) => view.setInt16(to, value, true))
  put(dwellings.map(({ estimated }) => (estimated ? 1 : 0)), 1, (to, value) => view.setUint8(to, value))
  return buffer
}

/** The walls of a box, counter-clockwise, so that the outside is on the right. */
export function boxWalls(x0: number, y0: number, x1: number, y1: number): [number, number, number, number][] {
  return [[x0, y0, x1, y0], [x1, y0, x1, y1], [x1, y1, x0, y1], [x0, y1, x0, y0]]
}
