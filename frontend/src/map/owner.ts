import { Map as MapLibreMap, setWorkerUrl } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url'
import { watch } from 'vue'
import type { Manifest } from '@/api/manifest'
import { shown } from '@/layers/visibility'
import { parseAddress } from '@/state/address'
import { camera, insets } from '@/state/camera'
import { onShapesChanged, shapeVersionOf } from '@/state/manifest'
import { wantsCalm } from '@/state/screen'
import { keepAddress } from './addressBar'
import { showDevices } from './devices'
import { colourFacades, homesAppeared, homesVanished } from './facades'
import { applyCamera, flyByState, homeView } from './flight'
import { GroundLayer } from './GroundLayer'
import { showGridLabels } from './gridLabels'
import { highlight, hovered } from './highlight'
import { exposeHooks } from './hooks'
import { BeamsLayer } from './live/BeamsLayer'
import { keepPulsing } from './live/pulse'
import { Workers } from './live/workers'
import { NameplatesLayer } from './nameplates/NameplatesLayer'
import { Obstacles } from './obstacles'
import { Picker } from './picking'
import { listenToPointer } from './pointer'
import { panelUrl, refreshTiles, withVersion } from './requests'
import { topOf, twinStyle, type StyleLayersOf } from './style'
import { WindowsLayer } from './windows/WindowsLayer'

setWorkerUrl(workerUrl)
/** `?aa=0` leaves edges rough, for machines without a graphics card; read before the address is rewritten. */
const SMOOTH = !location.search.includes('aa=0')

export interface TwinMapOptions {
  readonly container: HTMLElement
  readonly manifest: Manifest
  /** Width of the screen over 1920, at least 1. */
  readonly scale: number
  /** What the map is called for screen readers. */
  readonly label: string
  /** The graphics card lost what was drawn. This map is of no use any more: take it down and open another. */
  readonly lost: () => void
}

/** Build the map and let it follow the stores. Returns the way to take it down. */
export function openTwinMap({ container, manifest, scale, label, lost }: TwinMapOptions): () => void {
  const { style, layersOf } = twinStyle(manifest, scale)
  const map = new MapLibreMap({
    container, style, attributionControl: false, maxPitch: 78, minZoom: 9, maxZoom: 21 + Math.log2(scale),
    center: [...manifest.community.center] as [number, number], zoom: 15 + Math.log2(scale),
    transformRequest: withVersion,
    canvasContextAttributes: { antialias: SMOOTH, powerPreference: 'high-performance' },
    fadeDuration: wantsCalm() ? 0 : 200,
    locale: { 'Map.Title': label },
  })
  const stops: (() => void)[] = []
  const start = startingView(map, manifest, Math.log2(scale))
  stops.push(start)
  map.once('style.load', () => stops.push(...populate(map, manifest, scale, layersOf)))
  const stopAll = (): void => {
    for (const stop of stops.splice(0).toReversed()) stop()
  }
  map.once('webglcontextlost', () => {
    stopAll() // from here on the engine has no style that anything could be asked of
    lost()
  })
  return () => {
    stopAll()
    map.remove()
  }
}

/** Where the camera was, else where the address says, else the whole community; then the camera obeys the state. */
function startingView(map: MapLibreMap, manifest: Manifest, zoomShift: number): () => void {
  map.setPadding({ ...insets.value })
  const start = camera.value ?? parseAddress(location.search).camera
  if (start === null) homeView(map, manifest, false)
  else applyCamera(map, start, zoomShift)
  const stopFlying = flyByState(map, manifest, zoomShift)
  const stopAddress = keepAddress((wanted) => applyCamera(map, wanted, zoomShift))
  return () => {
    stopFlying()
    stopAddress()
  }
}

function populate(map: MapLibreMap, manifest: Manifest, scale: number, layersOf: StyleLayersOf): (() => void)[] {
  const windows = windowsOf(manifest)
  const beams = new BeamsLayer(manifest.community.center, scale, wantsCalm)
  map.addLayer(new GroundLayer(manifest.community.bbox), topOf('ground'))
  map.addLayer(windows, topOf('body'))
  const workers = new Workers(map, scale, wantsCalm)
  const stopDevices = showDevices(map, scale)
  const stopLabels = showGridLabels(map, scale)
  const obstacles = new Obstacles(map)
  const names = new NameplatesLayer(obstacles, scale)
  map.addLayer(names, topOf('label'))
  map.addLayer(beams)
  const picker = new Picker(map, windows, beams, obstacles)
  return [
    () => workers.stop(), stopDevices, stopLabels,
    highlight(map, windows, beams),
    colourFacades(windows),
    listenToPointer(map, picker, (under) => (hovered.value = under)),
    keepPulsing(map, () => windows.pulsing || beams.pulsing, wantsCalm),
    exposeHooks(map, picker, windows, [...layersOf.keys()]),
    onShapesChanged((blocks) => {
      const changed = new Set(blocks)
      windows.tiles.refresh(changed)
      refreshTiles(map, manifest, changed)
    }),
    obeyVisibility(map, manifest, layersOf, { windows, beams, workers, names }),
  ]
}

function windowsOf(manifest: Manifest): WindowsLayer {
  const layer = manifest.layers.find(({ source }) => source.kind === 'panels')
  const source = layer?.source.kind === 'panels' ? layer.source : null
  return new WindowsLayer({
    id: 'windows',
    // Without a panel layer there is nothing to fetch: an empty box holds no tiles.
    bbox: source === null ? [1, 1, -1, -1] : manifest.community.bbox,
    zoom: source?.zoom ?? 16,
    url: (tile, version) => panelUrl(source?.url ?? '', tile, version),
    versionOf: shapeVersionOf,
    calm: wantsCalm,
    appeared: homesAppeared,
    vanished: homesVanished,
  })
}

interface LiveParts {
  readonly windows: WindowsLayer
  readonly beams: BeamsLayer
  readonly workers: Workers
  readonly names: NameplatesLayer
}

function obeyVisibility(map: MapLibreMap, manifest: Manifest, layersOf: StyleLayersOf, parts: LiveParts): () => void {
  const setLayers = (ids: readonly string[], on: boolean): void => {
    for (const id of ids) {
      if (map.getLayer(id) !== undefined) map.setLayoutProperty(id, 'visibility', on ? 'visible' : 'none')
    }
  }
  const live: Record<string, (on: boolean) => void> = {
    alarms: (on) => (parts.beams.visible = on),
    patrol: (on) => parts.workers.setVisible(on),
    devices: (on) => setLayers(['devices-point'], on),
  }
  return watch(() => [...shown], () => {
    for (const layer of manifest.layers) {
      const on = shown.get(layer.name) ?? true
      if (layer.source.kind === 'panels') parts.windows.visible = on
      else if (layer.source.kind === 'live') live[layer.source.stream]?.(on)
      else if (layer.name === 'buildings') parts.names.visible = on
      if (layer.source.kind === 'tiles') setLayers([...(layersOf.get(layer.name) ?? []), ...(layer.name === 'grids' ? ['grids-name'] : [])], on)
    }
    map.triggerRepaint()
  }, { immediate: true })
}
