import type { LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl'
import type { Manifest, ManifestLayer } from '@/api/manifest'
import { dressOf } from '@/layers/dress'
import { SLOTS, type Slot } from '@/layers/dress/context'
import { PALETTE } from '@/layers/palette'

/** Empty layers that mark where one slot ends, so that anything can be put at the top of a slot later. */
export function topOf(slot: Slot): string {
  return `top-of-${slot}`
}

/** Which style layers a layer of the manifest became; for switching it on and off. */
export type StyleLayersOf = ReadonlyMap<string, readonly string[]>

export interface TwinStyle {
  readonly style: StyleSpecification
  readonly layersOf: StyleLayersOf
}

/** The style of the map from the manifest. `scale`: width of the screen over 1920, at least 1. */
export function twinStyle(manifest: Manifest, scale: number): TwinStyle {
  const sources: Record<string, SourceSpecification> = {}
  const piles = new Map<Slot, LayerSpecification[]>(SLOTS.map((slot) => [slot, []]))
  const layersOf = new Map<string, string[]>()
  for (const layer of manifest.layers) {
    if (layer.source.kind !== 'tiles') continue
    sources[layer.name] = tileSource(layer.source)
    const dressed = dressOf(layer, { source: layer.name, scale })
    for (const { slot, style } of dressed) piles.get(slot)!.push(style as LayerSpecification)
    layersOf.set(layer.name, dressed.map(({ style }) => style.id))
  }
  const layers: LayerSpecification[] = [
    { id: 'background', type: 'background', paint: { 'background-color': PALETTE.ground } },
  ]
  for (const slot of SLOTS) layers.push(...piles.get(slot)!, marker(slot))
  return { style: { version: 8, sources, layers, ...SURROUNDINGS }, layersOf }
}

type TileLayerSource = Extract<ManifestLayer['source'], { kind: 'tiles' }>

function tileSource(source: TileLayerSource): SourceSpecification {
  return {
    type: 'vector',
    // Absolute, because the request is made by a worker; `{version}` is filled in per request.
    tiles: [new URL(source.url, location.origin).href.replaceAll('%7B', '{').replaceAll('%7D', '}')],
    minzoom: source.minzoom,
    maxzoom: source.maxzoom,
  }
}

function marker(slot: Slot): LayerSpecification {
  return { id: topOf(slot), type: 'background', layout: { visibility: 'none' } }
}

const SURROUNDINGS: Pick<StyleSpecification, 'sky' | 'light'> = {
  sky: {
    'sky-color': PALETTE.sky,
    'horizon-color': PALETTE.horizon,
    'fog-color': PALETTE.horizon,
    'sky-horizon-blend': 0.75,
    'horizon-fog-blend': 0.6,
    'fog-ground-blend': 0.5,
    'atmosphere-blend': 0,
  },
  light: { anchor: 'map', color: '#cfe4ff', intensity: 0.36, position: [1.3, 215, 58] },
}
