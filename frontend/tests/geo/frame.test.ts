// @vitest-environment happy-dom
import { MercatorCoordinate } from 'maplibre-gl'
import { describe, expect, test } from 'vitest'
import { frameMatrix, localFrame, toLocal, toLonLat } from '@/geo/frame'
import { transform } from '@/geo/matrix'

const ORIGINS: [number, number][] = [[113.94, 22.53], [121.47, 31.23], [24.94, 60.17], [-70.65, -33.45], [0, 0]]

describe('local metres', () => {
  test.each(ORIGINS)('at %f, %f are exactly those of the map engine', (lon, lat) => {
    const frame = localFrame([lon, lat])
    const origin = MercatorCoordinate.fromLngLat([lon, lat], 0)
    const unit = origin.meterInMercatorCoordinateUnits()
    expect(frame.unitsPerMetre / unit).toBeCloseTo(1, 12)
    const point = MercatorCoordinate.fromLngLat([lon + 0.004, lat - 0.003], 0)
    const [x, y] = toLocal(frame, [lon + 0.004, lat - 0.003])
    expect(x).toBeCloseTo((point.x - origin.x) / unit, 6)
    expect(y).toBeCloseTo(-(point.y - origin.y) / unit, 6)
  })

  test('go there and back', () => {
    const frame = localFrame([113.94, 22.53])
    const [lon, lat] = toLonLat(frame, 321.5, -87.25)
    const [x, y] = toLocal(frame, [lon, lat])
    expect(x).toBeCloseTo(321.5, 6)
    expect(y).toBeCloseTo(-87.25, 6)
  })

  test('and heights reach mercator units through one matrix', () => {
    const frame = localFrame([113.94, 22.53])
    const [x, y, z] = transform(frameMatrix(frame), 100, 50, 30, 1)
    const there = MercatorCoordinate.fromLngLat(toLonLat(frame, 100, 50), 0)
    expect(x).toBeCloseTo(there.x, 12)
    expect(y).toBeCloseTo(there.y, 12)
    expect(z).toBeCloseTo(30 * frame.unitsPerMetre, 15)
  })
})
