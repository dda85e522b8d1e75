import type { Geometry } from 'geojson'
import { describe, expect, it } from 'vitest'
import { boundsOf, joinPieces, Nonsense, parseGeometry, rounded, splitGeometry, type Kind } from '@/map/editing/pieces'

const square = (x: number, y: number, side: number): number[][] => [
  [x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y],
]
const courtyards: Geometry = {
  type: 'MultiPolygon', coordinates: [[square(0, 0, 10), square(2, 2, 3), square(6, 6, 2)], [square(20, 0, 5)]],
}

describe('a geometry as pieces', () => {
  it('is the same geometry again, holes and parts included', () => {
    expect(joinPieces(splitGeometry(courtyards), 'MultiPolygon')).toEqual(courtyards)
  })

  it('puts a hole back into the polygon around it, whatever the order of drawing', () => {
    const [outer, hole, , other] = splitGeometry(courtyards)
    expect(joinPieces([hole!, other!, outer!], 'MultiPolygon')).toEqual({
      type: 'MultiPolygon', coordinates: [[square(20, 0, 5)], [square(0, 0, 10), square(2, 2, 3)]],
    })
  })

  it('says so when a hole lies in no polygon', () => {
    const pieces = splitGeometry({ type: 'Polygon', coordinates: [square(0, 0, 10), square(30, 30, 2)] })
    expect(() => joinPieces(pieces, 'MultiPolygon')).toThrow('hole_outside')
  })

  it('makes one part of a single shape, and nothing of nothing', () => {
    const line: Geometry = { type: 'LineString', coordinates: [[0, 0], [1, 1]] }
    expect(joinPieces(splitGeometry(line), 'MultiLineString')).toEqual({
      type: 'MultiLineString', coordinates: [line.coordinates],
    })
    expect(joinPieces([], 'Point')).toBeNull()
  })

  it('knows its bounds', () => {
    expect(boundsOf(splitGeometry(courtyards))).toEqual([0, 0, 25, 10])
    expect(boundsOf([])).toBeNull()
  })

  it('is rounded to a tenth of a millimetre and loses heights', () => {
    expect(rounded({ type: 'Point', coordinates: [1.12345678949, 2, 30] }).coordinates).toEqual([1.123456789, 2])
  })
})

describe('text that is typed', () => {
  it.each<[string, Kind, string]>([
    ['{', 'Polygon', 'not_json'],
    ['[]', 'Polygon', 'no_geometry'],
    ['{"type":"Feature"}', 'Polygon', 'no_geometry'],
    ['{"type":"Point","coordinates":[1,2]}', 'MultiPolygon', 'wrong_kind'],
    ['{"type":"Point"}', 'Point', 'coordinates'],
    ['{"type":"Point","coordinates":[31,122]}', 'Point', 'coordinates'],
    ['{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}', 'Polygon', 'coordinates'],
    ['{"type":"LineString","coordinates":[[0,0]]}', 'MultiLineString', 'coordinates'],
  ])('%s as %s is refused: %s', (text, kind, fault) => {
    expect(() => parseGeometry(text, kind)).toThrow(new Nonsense(fault as Nonsense['fault']))
  })

  it('may be empty, or a single shape where several may be', () => {
    expect(parseGeometry(' ', 'Point')).toBeNull()
    expect(parseGeometry(JSON.stringify({ type: 'Polygon', coordinates: [square(0, 0, 1)] }), 'MultiPolygon')?.type)
      .toBe('Polygon')
  })
})
