import type { ManifestLayer } from '@/api/manifest'
import { PALETTE } from '../palette'
import { BUILDING_NAMES_FROM_ZOOM, byZoom, zoomOn, type DressContext, type DressedLayer } from './context'
import { fromManifest } from './fromManifest'

/** Compounds as the manifest says; near enough, the names of their buildings take over. */
export function dressCompounds(layer: ManifestLayer, context: DressContext): DressedLayer[] {
  return fromManifest(layer, context).map(({ slot, style }) =>
    style.type === 'symbol' ? { slot, style: { ...style, maxzoom: zoomOn(context, BUILDING_NAMES_FROM_ZOOM) } } : { slot, style },
  )
}

/** Grids: translucent colour and a clear border. Names come from the manifest, once per grid. */
export function dressGrids(_layer: ManifestLayer, context: DressContext): DressedLayer[] {
  const { source, scale } = context
  const base = { source, 'source-layer': 'grids' } as const
  const colour = ['to-color', ['get', 'colour'], PALETTE.accent] as never
  const hovered = ['boolean', ['feature-state', 'hovered'], false]
  const picked = ['boolean', ['feature-state', 'selected'], false]
  return [
    {
      slot: 'area',
      style: {
        ...base, id: 'grids-fill', type: 'fill', filter: ['==', ['get', 'leaf'], true],
        paint: {
          'fill-color': colour,
          'fill-opacity': [
            'interpolate', ['linear'], ['zoom'],
            zoomOn(context, 15), ['case', picked, 0.34, hovered, 0.22, 0.1],
            zoomOn(context, 18), ['case', picked, 0.2, hovered, 0.1, 0.05],
          ] as never,
        },
      },
    },
    {
      slot: 'line',
      style: {
        ...base, id: 'grids-glow', type: 'line', layout: { 'line-join': 'round' },
        paint: {
          'line-color': colour, 'line-blur': 6 * scale, 'line-width': byZoom(context, [13, 5, 17, 12]),
          'line-opacity': ['case', picked, 0.75, 0.2] as never,
        },
      },
    },
    {
      slot: 'line',
      style: {
        ...base, id: 'grids-line', type: 'line', layout: { 'line-join': 'round' },
        paint: {
          'line-color': ['case', picked, PALETTE.selected, PALETTE.accent] as never,
          'line-width': byZoom(context, [13, 0.8, 18, 2.4]), 'line-opacity': 0.8,
        },
      },
    },
  ]
}
