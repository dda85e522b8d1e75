import type { Position } from 'geojson'
import { Map as MapLibreMap, NavigationControl, ScaleControl, setWorkerUrl, type LayerSpecification } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url'
import type { Manifest } from '@/api/manifest'
import { groundStyle } from '../editing/ground'
import { Neighbours } from '../editing/neighbours'
import { boundsOf, type Piece } from '../editing/pieces'
import { Sketch } from '../editing/sketch'
import { withVersion } from '../requests'

setWorkerUrl(workerUrl)

/** Layers of the manifest whose shapes can be chosen as an area. */
export const AREA_LAYERS = ['grids', 'compounds', 'buildings'] as const
export type AreaLayer = (typeof AREA_LAYERS)[number]

/** What is marked: shapes of a layer, or a drawn outline (EPSG:4326, the first corner not again). */
export type Marked =
  | { readonly layer: AreaLayer; readonly ids: readonly number[]; readonly at: readonly [number, number] | null }
  | { readonly corners: readonly Position[] }

/** What a click does: choose a shape of this layer, draw an outline, or nothing. */
export type AreaTool = AreaLayer | 'draw' | null

export interface AreaMapOptions {
  readonly container: HTMLElement
  readonly manifest: Manifest
  /** Words of the map's own controls, by MapLibre's keys. */
  readonly locale: Record<string, string>
  picked(layer: AreaLayer, id: number): void
  drawn(corners: Position[]): void
}

/** A small map on which one area is chosen or drawn. */
export interface AreaMap {
  use(tool: AreaTool): void
  mark(marked: Marked | null): void
  /** Where a place is drawn, in CSS pixels of the map; for browser tests. */
  project(position: readonly [number, number]): [number, number]
  close(): void
}

const FIT = { padding: 28, maxZoom: 17.5 }
const NEAR: Readonly<Record<AreaLayer, number>> = { grids: 15.4, compounds: 16, buildings: 17.2 }
const MARK = '#d9480f'
/** A decimetre. */
const SAME_DEG = 1e-6

export function openAreaMap(options: AreaMapOptions): Promise<AreaMap> {
  const { container, manifest, locale } = options
  const map = new MapLibreMap({
    container, style: groundStyle(manifest, { layer: '', id: null }), locale,
    bounds: manifest.community.bbox, fitBoundsOptions: FIT,
    transformRequest: withVersion, attributionControl: false, minZoom: 8, maxZoom: 21,
    dragRotate: false, pitchWithRotate: false, touchPitch: false, cooperativeGestures: true,
  })
  map.touchZoomRotate.disableRotation()
  map.addControl(new NavigationControl({ showCompass: false }), 'top-right')
  map.addControl(new ScaleControl(), 'bottom-left')
  return new Promise((resolve) => {
    map.once('load', () => {
      map.resize()
      map.fitBounds(manifest.community.bbox, { ...FIT, animate: false })
      resolve(areasOn(map, options))
    })
  })
}

function areasOn(map: MapLibreMap, { manifest, picked, drawn }: AreaMapOptions): AreaMap {
  const known = AREA_LAYERS.filter((layer) => map.getSource(layer) !== undefined)
  const before = map.getStyle().layers.find(({ type }) => type === 'symbol')?.id
  for (const layer of known) for (const look of looksOf(layer)) map.addLayer(look, before)
  let tool: AreaTool = null
  const sketch: Sketch = new Sketch(map, 'Polygon', new Neighbours(map, manifest.community.id, '', null), false, {
    changed: () => drawn(cornersOf(sketch) ?? []), selected: () => undefined,
  })
  map.on('click', ({ point }) => {
    if (tool === null || tool === 'draw' || !known.includes(tool)) return
    const found = map.queryRenderedFeatures(point, { layers: [`choose-${tool}`] })
    const id = Number(found[0]?.id)
    if (id > 0) picked(tool, id)
  })
  map.on('mousemove', ({ point }) => {
    if (tool === 'draw') return
    const over = tool !== null && known.includes(tool) && map.queryRenderedFeatures(point, { layers: [`choose-${tool}`] }).length > 0
    map.getCanvas().style.cursor = over ? 'pointer' : ''
  })
  return {
    use(wanted) {
      tool = wanted
      const empty = sketch.pieces.length === 0
      sketch.use(wanted === 'draw' && empty ? 'draw' : 'edit')
    },
    mark: (marked) => mark(map, manifest, known, sketch, marked),
    project: (position) => {
      const { x, y } = map.project([...position])
      return [x, y]
    },
    close: () => {
      sketch.stop()
      map.remove()
    },
  }
}

/** The outline that was drawn last; null without any. */
function cornersOf(sketch: Sketch): Position[] | null {
  const last = sketch.pieces.at(-1)
  return last?.geometry.type === 'Polygon' ? last.geometry.coordinates[0]!.slice(0, -1) : null
}

function isNear(one: readonly Position[], other: readonly Position[]): boolean {
  return one.length === other.length && one.every((corner, n) => corner.every((degrees, axis) => Math.abs(degrees - other[n]![axis]!) < SAME_DEG))
}

function mark(
  map: MapLibreMap, manifest: Manifest, known: readonly AreaLayer[], sketch: Sketch, marked: Marked | null,
): void {
  const ids = marked !== null && 'layer' in marked ? marked.ids : []
  for (const layer of known) {
    const here = marked !== null && 'layer' in marked && marked.layer === layer ? ids : []
    for (const part of ['fill', 'line']) map.setFilter(`marked-${layer}-${part}`, ['in', ['id'], ['literal', [...here]]])
  }
  const corners = marked !== null && 'corners' in marked ? marked.corners : []
  const pieces = corners.length < 3 ? [] : [pieceOf(corners)]
  const own = cornersOf(sketch)
  // What was drawn here a moment ago comes back as it was told: nothing jumps under the pointer.
  if (pieces.length > 0 && own !== null && isNear(own, corners)) return
  sketch.show(pieces)
  const bounds = boundsOf(pieces)
  if (bounds !== null) map.fitBounds(bounds, { ...FIT, duration: 400 })
  else if (marked !== null && 'layer' in marked && marked.at !== null) {
    map.easeTo({ center: [...marked.at], zoom: NEAR[marked.layer], duration: 400 })
  } else if (marked === null) map.fitBounds(manifest.community.bbox, { ...FIT, duration: 400 })
}

function pieceOf(corners: readonly Position[]): Piece {
  return { geometry: { type: 'Polygon', coordinates: [[...corners, corners[0]!]] }, hole: false }
}

/** An unseen fill that can be clicked, and the mark of what is chosen. */
function looksOf(layer: AreaLayer): LayerSpecification[] {
  const of = { source: layer, 'source-layer': layer } as const
  const none = ['in', ['id'], ['literal', []]] as never
  return [
    {
      id: `choose-${layer}`, type: 'fill', ...of, paint: { 'fill-opacity': 0 },
      ...(layer === 'grids' ? { filter: ['==', ['get', 'leaf'], true] as never } : {}),
    },
    { id: `marked-${layer}-fill`, type: 'fill', ...of, filter: none, paint: { 'fill-color': MARK, 'fill-opacity': 0.28 } },
    { id: `marked-${layer}-line`, type: 'line', ...of, filter: none, paint: { 'line-color': MARK, 'line-width': 3 } },
  ]
}
