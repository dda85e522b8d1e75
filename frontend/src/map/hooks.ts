import type { Map as MapLibreMap } from 'maplibre-gl'
import type { Pattern } from '@/api/facades'
import { frameMatrix, localFrame } from '@/geo/frame'
import { multiply } from '@/geo/matrix'
import { FLAG, lookOf } from '@/layers/dwellingStates'
import { selection, type Selection } from '@/state/selection'
import type { Picker } from './picking'
import { toDevice, type WindowsLayer } from './windows/WindowsLayer'

/**
 * What a browser test may ask of the page, as `window.__twin`. It only reads; the page never uses it.
 */
export interface TwinHooks {
  /** True once the map rests and the tiles and panels of the view are drawn; false again while it moves. */
  readonly ready: boolean
  /** Frames drawn since the page began; stands still when nothing changes. */
  readonly frames: number
  readonly map: MapLibreMap
  /** What a click at x, y (CSS pixels of the map) would select. */
  pick(x: number, y: number): Selection | null
  readonly selection: Selection | null
  /** Dwellings whose window is drawn as an alarm. */
  readonly alarmed: readonly number[]
  /** How a dwelling's windows are coloured by the facade mode; null: not at all, undefined: not on the map. */
  lookOf(dwelling: number): { readonly colour: string; readonly pattern: Pattern } | null | undefined
  /** Where the camera is: EPSG:4326 and metres above ground; null before the first frame. */
  readonly eye: readonly [lon: number, lat: number, heightM: number] | null
  /** Where a point (EPSG:4326, metres above ground) is drawn, in CSS pixels; null behind the camera. */
  project(point: readonly [lon: number, lat: number, heightM: number]): [number, number] | null
}

declare global {
  interface Window {
    __twin?: TwinHooks
  }
}

export function exposeHooks(
  map: MapLibreMap, picker: Picker, windows: WindowsLayer, tileSources: readonly string[],
): () => void {
  let ready = false
  let frames = 0
  map.on('movestart', () => (ready = false))
  // Not the map's own "idle": workers that walk keep their source, and so the whole map, for ever loading.
  map.on('render', () => {
    frames++
    ready = !map.isMoving() && tileSources.every((name) => map.isSourceLoaded(name)) && !windows.tiles.busy
  })
  window.__twin = {
    get ready() {
      return ready && !map.isMoving()
    },
    get frames() {
      return frames
    },
    map,
    pick: (x, y) => picker.pick(x, y),
    get selection() {
      return selection.value
    },
    get alarmed() {
      return windows.alarmedDwellings
    },
    lookOf(dwelling) {
      const state = windows.stateOf(dwelling)
      if (state === null) return undefined
      return state.flags & FLAG.tinted ? lookOf(state.tint) : null
    },
    get eye() {
      return windows.lastEye
    },
    project([lon, lat, heightM]) {
      if (windows.lastMatrix === null) return null
      const matrix = multiply(windows.lastMatrix, frameMatrix(localFrame([lon, lat])))
      const device = toDevice(matrix, 0, 0, heightM)
      const { clientWidth, clientHeight } = map.getContainer()
      return device && [((device[0] + 1) / 2) * clientWidth, ((1 - device[1]) / 2) * clientHeight]
    },
  }
  return () => {
    delete window.__twin
  }
}
