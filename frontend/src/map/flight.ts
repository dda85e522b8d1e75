import type { Map as MapLibreMap } from 'maplibre-gl'
import { watch } from 'vue'
import type { Manifest } from '@/api/manifest'
import { camera, cameraMove, flight, followedShift, insets, type Camera, type CameraMove, type Flight } from '@/state/camera'
import { latestPosition, onMoved } from '@/state/patrol'
import { wantsCalm } from '@/state/screen'

const HOME_PITCH = 56
const HOME_BEARING = -24
const HOME_NEARER = 0.1
/** A flight ends at least this close, so that windows can be told apart. */
const CLOSE_ZOOM = 17.9

/** The camera obeys `state/camera` and reports to it. `zoomShift`: how much closer a wider screen looks. */
export function flyByState(map: MapLibreMap, manifest: Manifest, zoomShift: number): () => void {
  const report = (): void => {
    camera.value = readCamera(map, zoomShift)
  }
  map.on('moveend', report)
  const stops = [
    watch(flight, (target) => target !== null && flyTo(map, target, zoomShift)),
    watch(cameraMove, (asked) => asked !== null && move(map, manifest, asked.move)),
    watch(insets, (padding) => map.easeTo({ padding: { ...padding }, duration: wantsCalm() ? 0 : 300 })),
    onMoved((ids) => follow(map, ids)),
  ]
  map.on('dragstart', () => {
    followedShift.value = null
  })
  return () => {
    map.off('moveend', report)
    for (const stop of stops) stop()
  }
}

/** The whole community at an angle. */
export function homeView(map: MapLibreMap, manifest: Manifest, animate: boolean): void {
  const [west, south, east, north] = manifest.community.bbox
  const fitted = map.cameraForBounds([west, south, east, north], { bearing: HOME_BEARING, maxZoom: 18 })
  const center = fitted?.center ?? manifest.community.center
  // Seen at an angle the far half shrinks: come a little nearer than from above.
  const zoom = (fitted?.zoom ?? map.getZoom()) + HOME_NEARER
  const view = { center, zoom, pitch: HOME_PITCH, bearing: HOME_BEARING } as const
  if (animate && !wantsCalm()) map.flyTo({ ...view, maxDuration: 2500 } as never)
  else map.jumpTo(view as never)
}

export function applyCamera(map: MapLibreMap, wanted: Camera, zoomShift: number): void {
  const { lon, lat, zoom, bearing, pitch } = wanted
  map.jumpTo({ center: [lon, lat], zoom: zoom + zoomShift, bearing, pitch })
}

function readCamera(map: MapLibreMap, zoomShift: number): Camera {
  const { lng, lat } = map.getCenter()
  return {
    lon: lng, lat, zoom: map.getZoom() - zoomShift, bearing: map.getBearing(), pitch: map.getPitch(),
  }
}

function flyTo(map: MapLibreMap, target: Flight, zoomShift: number): void {
  const zoom = target.zoom === undefined ? Math.max(map.getZoom(), CLOSE_ZOOM + zoomShift) : target.zoom + zoomShift
  const pitch = target.pitch ?? Math.min(Math.max(map.getPitch(), 50), 66)
  const bearing = target.bearing ?? map.getBearing()
  const options = { center: liftedCentre(target, pitch, bearing), zoom, pitch, bearing }
  if (target.jump === true || wantsCalm()) map.jumpTo(options)
  else map.flyTo({ ...options, speed: 1.6, maxDuration: 3500, essential: false })
}

/** A window high up appears beyond its foot: aim behind it by that much, so that it is in the middle. */
function liftedCentre(target: Flight, pitch: number, bearing: number): [number, number] {
  const height = Math.min(target.heightM ?? 0, 80)
  const ahead = height * Math.tan((pitch * Math.PI) / 180)
  const turn = (bearing * Math.PI) / 180
  const metresPerDegree = 111_200
  const dLat = (ahead * Math.cos(turn)) / metresPerDegree
  const dLon = (ahead * Math.sin(turn)) / (metresPerDegree * Math.cos((target.lat * Math.PI) / 180))
  return [target.lon + dLon, target.lat + dLat]
}

function move(map: MapLibreMap, manifest: Manifest, asked: CameraMove): void {
  const animate = !wantsCalm()
  switch (asked) {
    case 'in':
      return void map.zoomIn({ animate })
    case 'out':
      return void map.zoomOut({ animate })
    case 'north':
      return void map.easeTo({ bearing: 0, animate })
    case 'flat':
      return void map.easeTo({ pitch: map.getPitch() > 25 ? 0 : HOME_PITCH, animate })
    case 'home':
      return homeView(map, manifest, true)
    default:
      return asked satisfies never
  }
}

function follow(map: MapLibreMap, moved: readonly number[]): void {
  const id = followedShift.value
  if (id === null || !moved.includes(id) || map.isZooming()) return
  const at = latestPosition(id)
  if (at !== undefined) map.easeTo({ center: [at.lon, at.lat], duration: wantsCalm() ? 0 : 900, easing: (t) => t })
}
