import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec'
import { describe, expect, test } from 'vitest'
import type { ManifestLayer } from '@/api/manifest'
import { dressOf } from '@/layers/dress'
import { fitToScreen } from '@/layers/dress/scaling'
import type { StyleLayer } from '@/layers/dress/context'

const LINE = {
  id: 'a', type: 'line', source: 's', minzoom: 14,
  paint: { 'line-width': ['interpolate', ['linear'], ['zoom'], 12, 1, 18, ['match', ['get', 'k'], 'x', 4, 2]], 'line-opacity': 0.5 },
} as unknown as StyleLayer

const layer = (name: string, style: Record<string, unknown>[] = []): ManifestLayer => ({
  name, style, title: { zh: '', en: '' }, group: 'places', geometry: 'polygon', audience: 'staff', visible: true, legend: [],
  source: { kind: 'tiles', url: '/layers/1/tiles/x/{version}/{z}/{x}/{y}.mvt', minzoom: 9, maxzoom: 16 },
})

describe('on a screen twice as wide', () => {
  test('lengths double and zoom levels shift by one', () => {
    expect(fitToScreen(LINE, { scale: 2 })).toMatchObject({
      minzoom: 15,
      paint: { 'line-width': ['interpolate', ['linear'], ['zoom'], 13, 2, 19, ['*', ['match', ['get', 'k'], 'x', 4, 2], 2]], 'line-opacity': 0.5 },
    })
  })

  test('and nothing changes on the screen it was designed for', () => {
    expect(fitToScreen(LINE, { scale: 1 })).toBe(LINE)
  })
})

describe('the dress of a layer', () => {
  test.each([
    ['streets', 1], ['streets', 2], ['grids', 1], ['grids', 2], ['buildings', 1], ['buildings', 2], ['pipes', 2],
  ])('of %s at scale %i is a valid style', (name, scale) => {
    const given = layer(name, [
      { type: 'fill-extrusion', paint: { 'fill-extrusion-color': ['match', ['get', 'use'], 'mall', '#44366b', '#22385c'] } },
      { type: 'symbol', layout: { 'text-field': ['get', 'name'], 'text-size': 12 } },
    ])
    const layers = dressOf(given, { source: name, scale }).map(({ style }) => style)
    expect(layers.length).toBeGreaterThan(0)
    const style = { version: 8, sources: { [name]: { type: 'vector', tiles: [] } }, layers, glyphs: 'https://x/{fontstack}/{range}' }
    expect(validateStyleMin(style as never)).toEqual([])
  })

  test('of a layer that is not known is what the manifest brings, with the fonts of the machine', () => {
    const [symbol] = dressOf(layer('pipes', [{ type: 'symbol', layout: { 'text-font': ['Elsewhere'] } }]), { source: 'pipes', scale: 1 })
    expect(symbol?.style).toMatchObject({ source: 'pipes', 'source-layer': 'pipes', layout: { 'text-font': expect.arrayContaining(['Noto Sans CJK SC']) } })
  })
})
