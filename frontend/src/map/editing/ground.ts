import type { FeatureCollection } from 'geojson'
import type { LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl'
import type { Manifest } from '@/api/manifest'
import { named } from '@/i18n'
import { FONTS } from '@/layers/dress/context'

/** What is being edited: left out of the tiles, because it is drawn by the editor. */
export interface Edited {
  readonly layer: string
  readonly id: number | null
}

/** A plain daylight map to draw on: colours that a form on a white page can carry, no heights, no windows. */
export function groundStyle(manifest: Manifest, edited: Edited): StyleSpecification {
  const sources: Record<string, SourceSpecification> = {}
  for (const { name, source } of manifest.layers) {
    if (source.kind !== 'tiles' || !(name in LOOKS)) continue
    sources[name] = {
      type: 'vector',
      tiles: [new URL(source.url, location.origin).href.replaceAll('%7B', '{').replaceAll('%7D', '}')],
      minzoom: source.minzoom, maxzoom: source.maxzoom,
    }
  }
  const layers: LayerSpecification[] = [
    { id: 'paper', type: 'background', paint: { 'background-color': '#f4f2ec' } },
  ]
  const labels: LayerSpecification[] = []
  for (const [name, looks] of Object.entries(LOOKS)) {
    if (!(name in sources)) continue
    looks.forEach((look, index) => {
      const layer = { ...look, id: `${name}-${index}`, source: name, 'source-layer': name } as LayerSpecification
      if (name === edited.layer && edited.id !== null) withoutOne(layer, edited.id)
      ;(layer.type === 'symbol' ? labels : layers).push(layer)
    })
  }
  sources['grid-names'] = { type: 'geojson', data: gridNames(manifest, edited) }
  const names = { ...label(NAME, '#14517f', 13, { 'text-size': 14 }), id: 'grid-names', source: 'grid-names' }
  return { version: 8, sources, layers: [...layers, ...labels, names as LayerSpecification] }
}

/** Once per grid: a label in the tiles would repeat in every tile that a large grid reaches into. */
function gridNames(manifest: Manifest, edited: Edited): FeatureCollection {
  const shown = manifest.grids.filter(({ leaf, center, id }) =>
    leaf && center !== null && !(edited.layer === 'grids' && edited.id === id))
  return {
    type: 'FeatureCollection',
    features: shown.map((grid) => ({
      type: 'Feature', properties: { name: named(grid) }, geometry: { type: 'Point', coordinates: [...grid.center!] },
    })),
  }
}

function withoutOne(layer: LayerSpecification, id: number): void {
  if (layer.type === 'background') return
  const others = ['!=', ['id'], id]
  const given = 'filter' in layer ? layer.filter : undefined
  Object.assign(layer, { filter: given === undefined ? others : ['all', given, others] })
}

const GROUND = ['match', ['get', 'kind'], 'water', '#b8d8ec', 'park', '#cfe6c6', 'plaza', '#e8e2d4',
  'playground', '#efdcd2', 'parking', '#e2e4e8', '#e6e6e0']
const STREET_M = ['match', ['get', 'kind'], 'primary', 24, 'secondary', 16, 'residential', 9, 4]

/** Pixels for metres: at the latitudes of cities a pixel is about half a metre at zoom 18. */
function metres(value: unknown): unknown {
  return ['interpolate', ['exponential', 2], ['zoom'], 13, ['max', 0.5, ['/', value, 17]], 21, ['*', value, 15]]
}

function label(text: unknown, colour: string, minzoom: number, more: object = {}): object {
  return {
    type: 'symbol', minzoom,
    layout: { 'text-field': text, 'text-font': FONTS, 'text-size': 12, 'text-max-width': 7, ...more },
    paint: { 'text-color': colour, 'text-halo-color': '#ffffff', 'text-halo-width': 1.4 },
  }
}

const NAME = ['coalesce', ['get', 'name'], '']

/** From the ground up; names of layers in the manifest. */
const LOOKS: Readonly<Record<string, readonly object[]>> = {
  landcover: [
    { type: 'fill', paint: { 'fill-color': GROUND } },
    label(NAME, '#47705a', 15.5),
  ],
  streets: [
    { type: 'line', layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': '#d3cdbf', 'line-width': metres(['*', 1.12, STREET_M]) } },
    { type: 'line', layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': '#ffffff', 'line-width': metres(STREET_M) } },
    label(NAME, '#6b6558', 15, { 'symbol-placement': 'line', 'text-max-width': 20 }),
  ],
  compounds: [
    { type: 'line', minzoom: 14, paint: { 'line-color': '#a8762a', 'line-width': 1.2, 'line-dasharray': [4, 2] } },
  ],
  buildings: [
    { type: 'fill', paint: { 'fill-color': '#c9c3b6', 'fill-outline-color': '#8d8676' } },
    label(['coalesce', ['get', 'number'], ['get', 'name'], ''], '#4a463d', 16.5),
  ],
  grids: [
    { type: 'fill', filter: ['==', ['get', 'leaf'], true],
      paint: { 'fill-color': ['to-color', ['get', 'colour'], '#2a7fc0'], 'fill-opacity': 0.08 } },
    { type: 'line', paint: { 'line-color': '#1f6fb2', 'line-width': 1.8, 'line-dasharray': [6, 2, 1, 2] } },
  ],
  entrances: [
    { type: 'circle', minzoom: 15, paint: {
      'circle-radius': 4, 'circle-color': '#ffffff', 'circle-stroke-color': '#a8762a', 'circle-stroke-width': 2 } },
  ],
}
