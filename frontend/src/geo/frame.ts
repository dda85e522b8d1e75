import {
  latOfMercatorY, lonOfMercatorX, mercatorUnitsPerMetre, mercatorX, mercatorY, type LonLat,
} from './mercator'

/**
 * A local frame in metres, x east, y north, z up, around an origin. It is the Web Mercator square, scaled by
 * the length of a metre at the origin, so a point lands where the map engine draws it. Metres-per-degree
 * would be off by several windows at the edge of a tile.
 */
export interface LocalFrame {
  readonly origin: LonLat
  readonly mercatorX0: number
  readonly mercatorY0: number
  /** Mercator units of one metre at the origin. */
  readonly unitsPerMetre: number
}

export function localFrame(origin: LonLat): LocalFrame {
  return {
    origin,
    mercatorX0: mercatorX(origin[0]),
    mercatorY0: mercatorY(origin[1]),
    unitsPerMetre: mercatorUnitsPerMetre(origin[1]),
  }
}

/** EPSG:4326 to local metres [x east, y north]. */
export function toLocal(frame: LocalFrame, [lon, lat]: LonLat): [number, number] {
  return [
    (mercatorX(lon) - frame.mercatorX0) / frame.unitsPerMetre,
    -(mercatorY(lat) - frame.mercatorY0) / frame.unitsPerMetre,
  ]
}

/** Local metres to EPSG:4326 [longitude, latitude]. */
export function toLonLat(frame: LocalFrame, x: number, y: number): [number, number] {
  return [
    lonOfMercatorX(frame.mercatorX0 + x * frame.unitsPerMetre),
    latOfMercatorY(frame.mercatorY0 - y * frame.unitsPerMetre),
  ]
}

/** The column-major 4x4 matrix that takes local metres to mercator units (height scaled alike). */
export function frameMatrix(frame: LocalFrame): Float64Array {
  const s = frame.unitsPerMetre
  // prettier-ignore
  return new Float64Array([s, 0, 0, 0, 0, -s, 0, 0, 0, 0, s, 0, frame.mercatorX0, frame.mercatorY0, 0, 1])
}
