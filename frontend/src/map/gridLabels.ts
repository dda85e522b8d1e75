import type { Feature } from 'geojson'
import type { GeoJSONSource, Map as MapLibreMap } from 'maplibre-gl'
import { computed, watch } from 'vue'
import { language } from '@/i18n'
import { FONTS, zoomOn } from '@/layers/dress/context'
import { PALETTE } from '@/layers/palette'
import { openAlarms } from '@/state/alarms'
import { leafGrids } from '@/state/manifest'
import { topOf } from './style'

const SOURCE = 'grid-labels'

/** Names of the grids, once each, with the number of open alarms. */
export function showGridLabels(map: MapLibreMap, scale: number): () => void {
  map.addSource(SOURCE, { type: 'geojson', data: { type: 'FeatureCollection', features: [] } })
  map.addLayer({
    id: 'grids-name', type: 'symbol', source: SOURCE, maxzoom: zoomOn({ scale }, 17.6),
    layout: {
      'text-field': [
        'case', ['>', ['get', 'alarms'], 0],
        ['format', ['get', 'name'], {}, '\n', {}, ['concat', '▲ ', ['to-string', ['get', 'alarms']]],
          { 'font-scale': 0.85, 'text-color': '#ff8d9c' }],
        ['get', 'name'],
      ],
      'text-font': FONTS, 'text-letter-spacing': 0.06, 'text-line-height': 1.35, 'text-padding': 6 * scale,
      'text-size': ['interpolate', ['linear'], ['zoom'], zoomOn({ scale }, 13), 12 * scale, zoomOn({ scale }, 16.5), 19 * scale],
      'symbol-sort-key': ['-', 0, ['get', 'alarms']],
    },
    paint: {
      'text-color': ['get', 'colour'], 'text-halo-color': 'rgba(4,12,26,0.92)', 'text-halo-width': 2 * scale,
      'text-opacity': ['interpolate', ['linear'], ['zoom'], zoomOn({ scale }, 17), 1, zoomOn({ scale }, 17.6), 0],
    },
  }, topOf('marker'))
  const counts = computed(() => {
    const perGrid = new Map<number, number>()
    for (const { grid_id } of openAlarms.values()) perGrid.set(grid_id, (perGrid.get(grid_id) ?? 0) + 1)
    return perGrid
  })
  const features = computed<Feature[]>(() => leafGrids.value.filter(({ center }) => center !== null).map((grid) => ({
    type: 'Feature', id: grid.id,
    geometry: { type: 'Point', coordinates: [...grid.center!] },
    properties: {
      name: language.value === 'en' && grid.name_en ? grid.name_en : grid.name,
      colour: pale(grid.colour), alarms: counts.value.get(grid.id) ?? 0,
    },
  })))
  return watch(features, (now) => {
    map.getSource<GeoJSONSource>(SOURCE)?.setData({ type: 'FeatureCollection', features: now })
  }, { immediate: true })
}

/** Halfway to the text colour: the hue stays, the name stays legible on its own area. */
function pale(hex: string): string {
  const mix = (from: number): string => {
    const one = Number.parseInt(hex.slice(from, from + 2), 16)
    const two = Number.parseInt(PALETTE.text.slice(from, from + 2), 16)
    return Math.round((one + two) / 2).toString(16).padStart(2, '0')
  }
  return /^#[0-9a-f]{6}$/i.test(hex) ? `#${mix(1)}${mix(3)}${mix(5)}` : PALETTE.text
}
