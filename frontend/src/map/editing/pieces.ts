/**
 * One geometry as the pieces that are drawn: terra-draw knows neither multi-part shapes nor holes, so every ring, line and
 * point is a piece of its own. All coordinates EPSG:4326, longitude first.
 */
import type { Geometry, LineString, Point, Polygon, Position } from 'geojson'

export const KINDS = ['Point', 'LineString', 'Polygon', 'MultiPoint', 'MultiLineString', 'MultiPolygon'] as const
/** The geometry a field wants. */
export type Kind = (typeof KINDS)[number]
export type Single = 'Point' | 'LineString' | 'Polygon'

export interface Piece {
  readonly geometry: Point | LineString | Polygon
  /** An inner ring: ground that is cut out of the polygon around it. */
  readonly hole: boolean
}

export type Fault = 'not_json' | 'no_geometry' | 'wrong_kind' | 'coordinates' | 'hole_outside'

/** Why a text, or what is drawn, is no geometry of the wanted kind. */
export class Nonsense extends Error {
  constructor(readonly fault: Fault) {
    super(fault)
  }
}

export function singleOf(kind: Kind): Single {
  return kind.replace('Multi', '') as Single
}

/** Read GeoJSON. Empty text is no geometry: null. A single shape is taken where several may be; raises Nonsense. */
export function parseGeometry(text: string, kind: Kind): Geometry | null {
  if (text.trim() === '') return null
  let found: unknown
  try {
    found = JSON.parse(text)
  } catch {
    throw new Nonsense('not_json')
  }
  if (typeof found !== 'object' || found === null || !('type' in found)) throw new Nonsense('no_geometry')
  if (!(KINDS as readonly unknown[]).includes(found.type)) throw new Nonsense('no_geometry')
  if (found.type !== kind && found.type !== singleOf(kind)) throw new Nonsense('wrong_kind')
  const geometry = found as Exclude<Geometry, { type: 'GeometryCollection' }>
  if (!fits(geometry.coordinates, DEPTH[geometry.type])) throw new Nonsense('coordinates')
  for (const { geometry: part } of splitGeometry(geometry)) {
    if (part.type === 'Polygon' && !isRing(part.coordinates[0]!)) throw new Nonsense('coordinates')
    if (part.type === 'LineString' && part.coordinates.length < 2) throw new Nonsense('coordinates')
  }
  return geometry
}

/** How deep positions lie in the coordinates of a geometry. */
const DEPTH: Readonly<Record<Exclude<Geometry['type'], 'GeometryCollection'>, number>> = {
  Point: 0, MultiPoint: 1, LineString: 1, MultiLineString: 2, Polygon: 2, MultiPolygon: 3,
}

function fits(value: unknown, depth: number): boolean {
  if (!Array.isArray(value)) return false
  if (depth > 0) return value.length > 0 && value.every((inner) => fits(inner, depth - 1))
  const [lon, lat] = value as unknown[]
  return typeof lon === 'number' && typeof lat === 'number' && Math.abs(lon) <= 180 && Math.abs(lat) <= 90
}

function isRing(ring: readonly Position[]): boolean {
  const [first, last] = [ring[0], ring.at(-1)]
  return ring.length >= 4 && first?.[0] === last?.[0] && first?.[1] === last?.[1]
}

export function splitGeometry(geometry: Geometry): Piece[] {
  switch (geometry.type) {
    case 'Point':
    case 'LineString':
      return [{ geometry, hole: false }]
    case 'Polygon':
      return geometry.coordinates.map((ring, index) => ({
        geometry: { type: 'Polygon', coordinates: [ring] }, hole: index > 0,
      }))
    case 'MultiPoint':
      return geometry.coordinates.map((position) => single({ type: 'Point', coordinates: position }))
    case 'MultiLineString':
      return geometry.coordinates.map((line) => single({ type: 'LineString', coordinates: line }))
    case 'MultiPolygon':
      return geometry.coordinates.flatMap((rings) => splitGeometry({ type: 'Polygon', coordinates: rings }))
    case 'GeometryCollection':
      return geometry.geometries.flatMap(splitGeometry)
    default:
      return geometry satisfies never
  }
}

function single(geometry: Piece['geometry']): Piece {
  return { geometry, hole: false }
}

/** The geometry that the pieces are together; null without any. Raises Nonsense for a hole that lies in no polygon. */
export function joinPieces(pieces: readonly Piece[], kind: Kind): Geometry | null {
  if (pieces.length === 0) return null
  const coordinates = singleOf(kind) === 'Polygon'
    ? joinRings(pieces)
    : pieces.map(({ geometry }) => geometry.coordinates)
  const whole = kind.startsWith('Multi') ? coordinates : coordinates[0]!
  return { type: kind, coordinates: whole } as Geometry
}

function joinRings(pieces: readonly Piece[]): Position[][][] {
  const ringOf = ({ geometry }: Piece): Position[] => (geometry as Polygon).coordinates[0]!
  const polygons = pieces.filter(({ hole }) => !hole).map((piece) => [ringOf(piece)])
  for (const hole of pieces.filter(({ hole }) => hole).map(ringOf)) {
    const shares = polygons.map(([outer]) => hole.filter((corner) => contains(outer!, corner)).length)
    const most = Math.max(0, ...shares)
    // A corner dragged onto the outline may fall on either side of it; most corners tell.
    if (most * 2 <= hole.length) throw new Nonsense('hole_outside')
    polygons[shares.indexOf(most)]!.push(hole)
  }
  return polygons
}

/** Whether a ring holds a point: crossings of a ray towards the east are odd. */
function contains(ring: readonly Position[], [x, y]: Position): boolean {
  let inside = false
  for (let index = 0, before = ring.length - 1; index < ring.length; before = index++) {
    const [x1, y1] = ring[index] as [number, number]
    const [x2, y2] = ring[before] as [number, number]
    if (y1 > y! !== y2 > y! && x! < ((x2 - x1) * (y! - y1)) / (y2 - y1) + x1) inside = !inside
  }
  return inside
}

/** West, south, east, north of some pieces; null without any. */
export function boundsOf(pieces: readonly Piece[]): [number, number, number, number] | null {
  const all = pieces.flatMap(({ geometry }) => positionsOf(geometry))
  if (all.length === 0) return null
  const lons = all.map(([lon]) => lon!)
  const lats = all.map(([, lat]) => lat!)
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)]
}

function positionsOf(geometry: Piece['geometry']): Position[] {
  if (geometry.type === 'Point') return [geometry.coordinates]
  return geometry.type === 'LineString' ? geometry.coordinates : geometry.coordinates.flat()
}

/** The drawing library refuses more than nine decimals (0.1 mm); a third number, a height, does not lie on a map. */
export function rounded<T extends Piece['geometry']>(geometry: T): T {
  const round = (value: unknown): unknown =>
    Array.isArray(value)
      ? typeof value[0] === 'number' ? value.slice(0, 2).map((n: number) => Number(n.toFixed(9))) : value.map(round)
      : value
  return { ...geometry, coordinates: round(geometry.coordinates) } as T
}
