import type { ExpressionSpecification } from '@maplibre/maplibre-gl-style-spec'
import type { ManifestLayer } from '@/api/manifest'
import { PALETTE } from '../palette'
import { byZoom, FONTS, zoomOn, type DressContext, type DressedLayer } from './context'

const KINDS = ['primary', 'secondary', 'residential', 'lane'] as const
/** Width on the ground in metres. */
const METRES = { primary: 22, secondary: 15, residential: 9, lane: 5 } as const

/** Streets with a kerb line and names along them. */
export function dressStreets(_layer: ManifestLayer, context: DressContext): DressedLayer[] {
  const { source } = context
  const base = { source, 'source-layer': 'streets' } as const
  return [
    {
      slot: 'line',
      style: {
        ...base, id: 'streets-casing', type: 'line', layout: { 'line-cap': 'round', 'line-join': 'round' },
        paint: {
          'line-color': ['match', ['get', 'kind'], 'primary', '#2a86cf', 'secondary', '#1d66a8', '#1b4b7c'],
          'line-opacity': byZoom(context, [13, 0.45, 15, 0.85], false), 'line-width': width(context, 1.6),
        },
      },
    },
    {
      slot: 'line',
      style: {
        ...base, id: 'streets-fill', type: 'line', layout: { 'line-cap': 'round', 'line-join': 'round' },
        paint: {
          'line-color': ['match', ['get', 'kind'], 'primary', '#14294a', 'secondary', '#112340', '#0f1e37'],
          'line-width': width(context, 0),
        },
      },
    },
    {
      slot: 'line',
      style: {
        ...base, id: 'streets-middle', type: 'line', minzoom: zoomOn(context, 15),
        filter: ['in', ['get', 'kind'], ['literal', ['primary', 'secondary']]],
        paint: {
          'line-color': '#5f95c9', 'line-opacity': byZoom(context, [15, 0, 16, 0.45], false),
          'line-width': 1 * context.scale, 'line-dasharray': [8, 8],
        },
      },
    },
    // Under the bodies: a name painted over a roof reads as the name of the building.
    { slot: 'track', style: names(context) },
  ]
}

function names(context: DressContext): DressedLayer['style'] {
  return {
    id: 'streets-name', type: 'symbol', source: context.source, 'source-layer': 'streets', minzoom: zoomOn(context, 14),
    filter: ['has', 'name'],
    layout: {
      'symbol-placement': 'line', 'text-field': ['get', 'name'], 'text-font': FONTS, 'symbol-spacing': 420 * context.scale,
      'text-size': byZoom(context, [14, 11, 18, 15]), 'text-letter-spacing': 0.12, 'text-max-angle': 35,
    },
    paint: { 'text-color': '#8fb6de', 'text-halo-color': PALETTE.textHalo, 'text-halo-width': 1.4 * context.scale },
  }
}

/** Metres to pixels, doubling with each zoom, with a least width so that streets do not vanish. */
function width(context: DressContext, kerb: number): ExpressionSpecification {
  const pixels = (zoom: number) => KINDS.flatMap((kind) => {
    // 512 px tiles; 0.92 is the shrinking at the latitudes of the product's communities.
    const metresPerPixel = (78271.5 * 0.92) / 2 ** zoom
    return [kind, Math.max(METRES[kind] / metresPerPixel, 0.7) * context.scale + 2 * kerb * context.scale]
  })
  const stops = [12, 13, 14, 15, 16, 17, 18, 19, 20].flatMap((zoom) => [
    zoomOn(context, zoom), ['match', ['get', 'kind'], ...pixels(zoom), 1 + 2 * kerb],
  ])
  return ['interpolate', ['exponential', 2], ['zoom'], ...stops] as unknown as ExpressionSpecification
}
