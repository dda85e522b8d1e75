import type { GeoJSONSource, Map as MapLibreMap } from 'maplibre-gl'
import { watch } from 'vue'
import { zoomOn } from '@/layers/dress/context'
import { devices } from '@/state/devices'
import { topOf } from './style'

const SOURCE = 'devices'

/** Devices outside dwellings, as small marks on the ground; those of a dwelling are in its panel. */
export function showDevices(map: MapLibreMap, scale: number): () => void {
  map.addSource(SOURCE, { type: 'geojson', data: { type: 'FeatureCollection', features: [] } })
  map.addLayer({
    id: 'devices-point', type: 'circle', source: SOURCE, minzoom: zoomOn({ scale }, 16),
    paint: {
      'circle-radius': 3.4 * scale, 'circle-stroke-width': 1.2 * scale, 'circle-stroke-color': '#04101f',
      'circle-color': ['match', ['get', 'status'], 'online', '#6fd3ff', '#8b97a8'],
      'circle-opacity': ['match', ['get', 'status'], 'online', 0.95, 0.6],
    },
  }, topOf('label'))
  return watch(() => [...devices.values()], (all) => {
    const outside = all.filter((device) => device.dwelling_id === null)
    map.getSource<GeoJSONSource>(SOURCE)?.setData({
      type: 'FeatureCollection',
      features: outside.map((device) => ({
        type: 'Feature', id: device.id,
        geometry: { type: 'Point', coordinates: [device.lon, device.lat] },
        properties: { status: device.status },
      })),
    })
  }, { immediate: true })
}
