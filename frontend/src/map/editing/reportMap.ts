import type { FeatureCollection, Geometry } from 'geojson'
import {
  Map as MapLibreMap, NavigationControl, ScaleControl, setWorkerUrl,
  type FilterSpecification, type LayerSpecification,
} from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url'
import type { Manifest } from '@/api/manifest'
import { FONTS } from '@/layers/dress/context'
import { withVersion } from '../requests'
import { groundStyle } from './ground'

setWorkerUrl(workerUrl)

export type Bounds = [west: number, south: number, east: number, north: number]

interface Look {
  readonly colour: string
  readonly dash: readonly number[] | null
  readonly sign: string
  readonly opacity: number
}

/** By outcome: told by colour, by the pattern of the line and by a sign, as in the legend and in the rows (back-office.css). */
export const LOOKS: Readonly<Record<string, Look>> = {
  unchanged: { colour: '#56646f', dash: [1, 1.5], sign: '=', opacity: 0.12 },
  join: { colour: '#56646f', dash: [1, 3], sign: '∪', opacity: 0.05 },
  create: { colour: '#14733a', dash: null, sign: '+', opacity: 0.25 },
  change: { colour: '#0b5a94', dash: [4, 1.5], sign: '~', opacity: 0.25 },
  end: { colour: '#6b3fa0', dash: [4, 1.5, 1, 1.5], sign: '†', opacity: 0.25 },
  refuse: { colour: '#b3261e', dash: [2, 1.5], sign: '✕', opacity: 0.3 },
}

export interface ReportMapOptions {
  readonly container: HTMLElement
  readonly manifest: Manifest
  readonly shapes: FeatureCollection
  /** Words of the map's own controls, by MapLibre's keys. */
  readonly locale: Record<string, string>
  clicked(row: number): void
}

/** A map of the rows of a report, above what stands in the community already. */
export interface ReportMap {
  /** Bring a row into view and mark it; false where it has no shape here. */
  show(row: number): boolean
  project(position: readonly [number, number]): [number, number]
}

export function openReportMap(options: ReportMapOptions): Promise<ReportMap> {
  const { container, manifest, shapes, locale } = options
  const map = new MapLibreMap({
    container, style: groundStyle(manifest, { layer: '', id: null }), locale,
    bounds: boundsOf(shapes.features.map(({ geometry }) => geometry)) ?? manifest.community.bbox, fitBoundsOptions: FIT,
    transformRequest: withVersion, attributionControl: false, minZoom: 3, maxZoom: 22,
    dragRotate: false, pitchWithRotate: false, touchPitch: false, cooperativeGestures: true,
  })
  map.touchZoomRotate.disableRotation()
  map.addControl(new NavigationControl({ showCompass: false }), 'top-right')
  map.addControl(new ScaleControl(), 'bottom-left')
  return new Promise((resolve) => {
    map.once('load', () => {
      map.addSource('rows', { type: 'geojson', data: shapes, tolerance: 0.1 })
      for (const [verdict, look] of Object.entries(LOOKS)) for (const layer of layersOf(verdict, look)) map.addLayer(layer)
      for (const layer of MARK) map.addLayer(layer)
      listen(map, options)
      map.once('idle', () => resolve(shown(map, shapes)))
    })
  })
}

const FIT = { padding: 50, maxZoom: 18 }
const CLICKABLE = Object.keys(LOOKS).flatMap((verdict) => [`${verdict}-body`, `${verdict}-line`, `${verdict}-point`])
const NONE: FilterSpecification = ['==', ['id'], -1]

function layersOf(verdict: string, { colour, dash, sign, opacity }: Look): LayerSpecification[] {
  const source = 'rows'
  const here: FilterSpecification = ['==', ['get', 'verdict'], verdict]
  const kind = (...kinds: string[]): FilterSpecification => ['all', here, ['in', ['geometry-type'], ['literal', kinds]]]
  const area = kind('Polygon', 'MultiPolygon')
  return [
    { id: `${verdict}-body`, type: 'fill', source, filter: area, paint: { 'fill-color': colour, 'fill-opacity': opacity } },
    { id: `${verdict}-line`, type: 'line', source, filter: kind('Polygon', 'MultiPolygon', 'LineString', 'MultiLineString'),
      paint: { 'line-color': colour, 'line-width': 2, ...(dash === null ? {} : { 'line-dasharray': [...dash] }) } },
    { id: `${verdict}-point`, type: 'circle', source, filter: kind('Point', 'MultiPoint'),
      paint: { 'circle-color': '#ffffff', 'circle-radius': 9, 'circle-stroke-color': colour, 'circle-stroke-width': 2 } },
    { id: `${verdict}-sign`, type: 'symbol', source, filter: here,
      layout: { 'text-field': sign, 'text-font': FONTS, 'text-size': 15 },
      paint: { 'text-color': colour, 'text-halo-color': '#ffffff', 'text-halo-width': 1.5 } },
  ]
}

const MARK: LayerSpecification[] = [
  { id: 'marked-line', type: 'line', source: 'rows', filter: NONE,
    paint: { 'line-color': '#f59e0b', 'line-width': 5, 'line-opacity': 0.9 } },
  { id: 'marked-point', type: 'circle', source: 'rows', filter: NONE,
    paint: { 'circle-radius': 14, 'circle-opacity': 0, 'circle-stroke-color': '#f59e0b', 'circle-stroke-width': 4 } },
]

function listen(map: MapLibreMap, { clicked }: ReportMapOptions): void {
  map.on('click', CLICKABLE, ({ features }) => {
    const row = features?.[0]?.id
    if (typeof row !== 'number') return
    mark(map, row)
    clicked(row)
  })
  map.on('mouseenter', CLICKABLE, () => (map.getCanvas().style.cursor = 'pointer'))
  map.on('mouseleave', CLICKABLE, () => (map.getCanvas().style.cursor = ''))
}

function mark(map: MapLibreMap, row: number): void {
  map.setFilter('marked-line', ['==', ['id'], row])
  map.setFilter('marked-point', ['all', ['==', ['id'], row], ['==', ['geometry-type'], 'Point']])
}

function shown(map: MapLibreMap, shapes: FeatureCollection): ReportMap {
  const byRow = new Map(shapes.features.map((feature) => [feature.id, feature.geometry]))
  return {
    show(row) {
      const shape = byRow.get(row)
      const bounds = shape === undefined ? null : boundsOf([shape])
      if (bounds === null) return false
      map.fitBounds(bounds, { ...FIT, padding: 90, animate: false })
      mark(map, row)
      return true
    },
    project: (position) => {
      const { x, y } = map.project([...position])
      return [x, y]
    },
  }
}

/** The box around shapes; null where they have no place at all. */
export function boundsOf(shapes: readonly Geometry[]): Bounds | null {
  const box: Bounds = [Infinity, Infinity, -Infinity, -Infinity]
  const take = (at: unknown): void => {
    if (!Array.isArray(at)) return
    if (typeof at[0] !== 'number') return at.forEach(take)
    const [lon, lat] = at as [number, number]
    box[0] = Math.min(box[0], lon)
    box[1] = Math.min(box[1], lat)
    box[2] = Math.max(box[2], lon)
    box[3] = Math.max(box[3], lat)
  }
  const each = (shape: Geometry): void =>
    shape.type === 'GeometryCollection' ? shape.geometries.forEach(each) : take(shape.coordinates)
  shapes.forEach(each)
  return box[0] <= box[2] ? box : null
}
