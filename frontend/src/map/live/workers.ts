import type { Feature, FeatureCollection } from 'geojson'
import type { GeoJSONSource, GeoJSONSourceDiff, Map as MapLibreMap } from 'maplibre-gl'
import { watch } from 'vue'
import { FONTS } from '@/layers/dress/context'
import { PALETTE } from '@/layers/palette'
import { latestPosition, onMoved, openShifts, tails, type Position } from '@/state/patrol'
import { selection } from '@/state/selection'
import { topOf } from '../style'

const HEADS = 'workers'
const TAILS = 'worker-tails'
/** Frames come about once a second; heads glide from one to the next over that time, in steps of this. */
const STEP_MS = 100
const GLIDE_MS = 1000
/** Farther than this is a jump, not a walk: no glide. Degrees, about 100 m. */
const JUMP_DEGREES = 0.001

interface Glide {
  readonly from: readonly [number, number]
  readonly to: Position
  readonly began: number
}

/** Workers on shift: a head that glides and a tail that fades. */
export class Workers {
  private readonly glides = new Map<number, Glide>()
  private readonly at = new Map<number, readonly [number, number]>()
  private timer = 0
  private readonly stops: (() => void)[]

  constructor(private readonly map: MapLibreMap, scale: number, private readonly calm: () => boolean) {
    addLayers(map, scale)
    this.stops = [
      onMoved((ids) => this.moved(ids)),
      watch([() => [...openShifts.keys()].join(), selection], () => this.refill(), { immediate: true }),
    ]
  }

  stop(): void {
    clearTimeout(this.timer)
    for (const stop of this.stops) stop()
  }

  setVisible(visible: boolean): void {
    for (const id of LAYERS) this.map.setLayoutProperty(id, 'visibility', visible ? 'visible' : 'none')
  }

  private refill(): void {
    for (const id of this.at.keys()) if (!openShifts.has(id)) this.forget(id)
    for (const id of openShifts.keys()) {
      const position = latestPosition(id)
      if (position !== undefined && !this.at.has(id)) this.at.set(id, [position.lon, position.lat])
    }
    this.source(HEADS)?.setData({ type: 'FeatureCollection', features: [...this.at.keys()].map((id) => this.head(id)) })
    this.source(TAILS)?.setData({
      type: 'FeatureCollection', features: [...this.at.keys()].flatMap((id) => this.tail(id) ?? []),
    })
  }

  private forget(id: number): void {
    this.at.delete(id)
    this.glides.delete(id)
  }

  private moved(ids: readonly number[]): void {
    if (ids.some((id) => !this.at.has(id))) this.refill()
    const began = performance.now()
    for (const id of ids) {
      const to = latestPosition(id)
      if (to !== undefined) this.glides.set(id, { from: this.at.get(id) ?? [to.lon, to.lat], to, began })
    }
    this.updateTails(ids)
    if (this.timer === 0) this.step()
  }

  /** Move the heads one step and come back while any still glides. Only what moved is patched, by id. */
  private step(): void {
    this.timer = 0
    const now = performance.now()
    const moved = [...this.glides].map(([id, glide]) => ({ id, point: this.glideTo(id, glide, now) }))
    if (moved.length > 0 && !document.hidden) {
      this.source(HEADS)?.updateData({
        update: moved.map(({ id, point }) => ({
          id, newGeometry: { type: 'Point', coordinates: [...point] },
        })),
      })
    }
    if (this.glides.size > 0) this.timer = window.setTimeout(() => this.step(), STEP_MS)
  }

  private glideTo(id: number, { from, to, began }: Glide, now: number): readonly [number, number] {
    const far = Math.abs(to.lon - from[0]) + Math.abs(to.lat - from[1]) > JUMP_DEGREES
    const share = this.calm() || far ? 1 : Math.min(1, (now - began) / GLIDE_MS)
    const point = [from[0] + (to.lon - from[0]) * share, from[1] + (to.lat - from[1]) * share] as const
    this.at.set(id, point)
    if (share >= 1) this.glides.delete(id)
    return point
  }

  private updateTails(ids: readonly number[]): void {
    const diff: GeoJSONSourceDiff = { add: [], remove: [] }
    for (const id of ids) {
      const tail = this.tail(id)
      // Adding under a known id replaces the feature: a tail changes at both ends.
      if (tail !== null) diff.add!.push(tail)
    }
    if (diff.add!.length > 0) this.source(TAILS)?.updateData(diff)
  }

  private head(id: number): Feature {
    const picked = selection.value?.kind === 'shift' && selection.value.id === id
    return {
      type: 'Feature', id,
      geometry: { type: 'Point', coordinates: [...this.at.get(id)!] },
      properties: { name: openShifts.get(id)?.worker_name ?? '', picked },
    }
  }

  private tail(id: number): Feature | null {
    const positions = tails.get(id) ?? []
    if (positions.length < 2) return null
    return {
      type: 'Feature', id,
      geometry: { type: 'LineString', coordinates: positions.map(({ lon, lat }) => [lon, lat]) },
      properties: {},
    }
  }

  private source(name: string): GeoJSONSource | undefined {
    return this.map.getSource<GeoJSONSource>(name)
  }
}

const LAYERS = ['workers-tail', 'workers-halo', 'workers-head', 'workers-name'] as const

function addLayers(map: MapLibreMap, scale: number): void {
  const empty: FeatureCollection = { type: 'FeatureCollection', features: [] }
  map.addSource(HEADS, { type: 'geojson', data: empty })
  map.addSource(TAILS, { type: 'geojson', data: empty, lineMetrics: true, tolerance: 0 })
  map.addLayer({
    id: 'workers-tail', type: 'line', source: TAILS, layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: {
      'line-width': ['interpolate', ['linear'], ['zoom'], 13, 2 * scale, 18, 6 * scale],
      'line-gradient': [
        'interpolate', ['linear'], ['line-progress'],
        0, 'rgba(61,245,176,0)', 0.6, 'rgba(61,245,176,0.35)', 1, 'rgba(120,255,210,0.95)',
      ],
    },
  }, topOf('track'))
  map.addLayer({
    id: 'workers-halo', type: 'circle', source: HEADS,
    paint: {
      'circle-radius': ['case', ['get', 'picked'], 19 * scale, 12 * scale], 'circle-color': PALETTE.worker,
      'circle-opacity': ['case', ['get', 'picked'], 0.3, 0.16], 'circle-blur': 0.35,
    },
  }, topOf('marker'))
  map.addLayer({
    id: 'workers-head', type: 'circle', source: HEADS,
    paint: {
      'circle-radius': 5.5 * scale, 'circle-color': PALETTE.worker,
      'circle-stroke-color': ['case', ['get', 'picked'], PALETTE.selected, '#eafff6'],
      'circle-stroke-width': ['case', ['get', 'picked'], 3 * scale, 1.6 * scale],
    },
  }, topOf('marker'))
  map.addLayer({
    id: 'workers-name', type: 'symbol', source: HEADS,
    layout: {
      'text-field': ['get', 'name'], 'text-font': FONTS, 'text-size': 13 * scale, 'text-offset': [0, -1.25],
      'text-anchor': 'bottom', 'text-optional': true,
    },
    paint: { 'text-color': '#d7fff0', 'text-halo-color': PALETTE.textHalo, 'text-halo-width': 1.6 * scale },
  }, topOf('marker'))
}
