import { latOfMercatorY, lonOfMercatorX, mercatorX, mercatorY, type Bbox, type LonLat } from './mercator'

/** An XYZ tile address: y grows southwards. */
export interface TileAddress {
  readonly z: number
  readonly x: number
  readonly y: number
}

/** The zoom at which shape versions are kept. */
export const BLOCK_ZOOM = 14

export function tileKey(tile: TileAddress): string {
  return `${tile.z}/${tile.x}/${tile.y}`
}

/** The tile at `zoom` that contains a point. */
export function tileAt([lon, lat]: LonLat, zoom: number): TileAddress {
  const count = 2 ** zoom
  const clamp = (value: number): number => Math.min(count - 1, Math.max(0, Math.floor(value)))
  return { z: zoom, x: clamp(mercatorX(lon) * count), y: clamp(mercatorY(lat) * count) }
}

/** The tile of a lower zoom that contains `tile`. Returns `tile` itself when it is not deeper than `zoom`. */
export function ancestor(tile: TileAddress, zoom: number): TileAddress {
  const steps = Math.max(0, tile.z - zoom)
  return { z: tile.z - steps, x: Math.floor(tile.x / 2 ** steps), y: Math.floor(tile.y / 2 ** steps) }
}

export function tileCentre(tile: TileAddress): [number, number] {
  const count = 2 ** tile.z
  return [lonOfMercatorX((tile.x + 0.5) / count), latOfMercatorY((tile.y + 0.5) / count)]
}

/** All tiles of `zoom` that a bbox touches, row by row. */
export function tilesIn(bbox: Bbox, zoom: number): TileAddress[] {
  const northWest = tileAt([bbox[0], bbox[3]], zoom)
  const southEast = tileAt([bbox[2], bbox[1]], zoom)
  const tiles: TileAddress[] = []
  for (let y = northWest.y; y <= southEast.y; y++) {
    for (let x = northWest.x; x <= southEast.x; x++) tiles.push({ z: zoom, x, y })
  }
  return tiles
}
