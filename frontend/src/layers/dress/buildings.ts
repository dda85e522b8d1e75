import type { ManifestLayer } from '@/api/manifest'
import { PALETTE } from '../palette'
import { zoomOn, type DressContext, type DressedLayer } from './context'

/** Plain bodies: roofs and far buildings. Near the camera windows stand before their walls, names above. */
export function dressBuildings(layer: ManifestLayer, context: DressContext): DressedLayer[] {
  const { source } = context
  const base = { source, 'source-layer': 'buildings' } as const
  return [
    {
      slot: 'body',
      style: {
        ...base, id: 'buildings-body', type: 'fill-extrusion', minzoom: zoomOn(context, 13),
        paint: {
          'fill-extrusion-color': [
            'case',
            ['boolean', ['feature-state', 'selected'], false], '#2f86b4',
            ['boolean', ['feature-state', 'hovered'], false], '#3c6896',
            bodyColour(layer),
          ] as never,
          'fill-extrusion-height': ['coalesce', ['get', 'height'], 6],
          'fill-extrusion-base': ['coalesce', ['get', 'base'], 0],
          'fill-extrusion-vertical-gradient': true,
          'fill-extrusion-opacity': 1,
        },
      },
    },
    {
      slot: 'area',
      style: {
        ...base, id: 'buildings-flat', type: 'fill', maxzoom: zoomOn(context, 13),
        paint: { 'fill-color': PALETTE.wall, 'fill-opacity': 0.9 },
      },
    },
  ]
}

/** The colour by use, as the manifest declares it for its legend. */
function bodyColour(layer: ManifestLayer): unknown {
  const extrusion = layer.style.find((style) => style['type'] === 'fill-extrusion')
  const paint = extrusion?.['paint'] as Record<string, unknown> | undefined
  return paint?.['fill-extrusion-color'] ?? PALETTE.wall
}
