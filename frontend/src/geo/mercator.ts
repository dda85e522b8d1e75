/**
 * The Web Mercator square, [0, 1] x [0, 1] with the origin in the north-west, exactly as the map engine has it
 * (`MercatorCoordinate.fromLngLat`). The engine is not imported here so that geometry stays testable alone.
 */

/** Mean earth radius of the map engine, in metres. Not the WGS 84 semi-axis: both sides must agree. */
export const EARTH_RADIUS_M = 6371008.8
const EARTH_CIRCUMFERENCE_M = 2 * Math.PI * EARTH_RADIUS_M

export type LonLat = readonly [lon: number, lat: number]
/** West, south, east, north in EPSG:4326 degrees. */
export type Bbox = readonly [west: number, south: number, east: number, north: number]

/** Longitude in degrees to mercator x, 0 at the antimeridian, growing eastwards. */
export function mercatorX(lon: number): number {
  return (lon + 180) / 360
}

/** Latitude in degrees to mercator y, 0 in the north, growing southwards. */
export function mercatorY(lat: number): number {
  return (180 - (180 / Math.PI) * Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360))) / 360
}

export function lonOfMercatorX(x: number): number {
  return x * 360 - 180
}

export function latOfMercatorY(y: number): number {
  return (360 / Math.PI) * Math.atan(Math.exp(((180 - y * 360) * Math.PI) / 180)) - 90
}

/** How many mercator units one metre is at a latitude. */
export function mercatorUnitsPerMetre(lat: number): number {
  return 1 / (EARTH_CIRCUMFERENCE_M * Math.cos((lat * Math.PI) / 180))
}
