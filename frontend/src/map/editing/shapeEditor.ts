import { Map as MapLibreMap, NavigationControl, ScaleControl, setWorkerUrl } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url'
import type { Manifest } from '@/api/manifest'
import { withVersion } from '../requests'
import { groundStyle, type Edited } from './ground'
import { Neighbours } from './neighbours'
import { boundsOf, singleOf, type Kind, type Piece } from './pieces'
import { Sketch, type Tool } from './sketch'

setWorkerUrl(workerUrl)

export interface ShapeEditorOptions {
  readonly container: HTMLElement
  readonly manifest: Manifest
  readonly edited: Edited
  readonly kind: Kind
  readonly readOnly: boolean
  /** Words of the map's own controls, by MapLibre's keys. */
  readonly locale: Record<string, string>
  changed(added: Piece | null): void
  selected(some: boolean): void
}

/** A map with one geometry to draw on it. */
export interface ShapeEditor {
  use(tool: Tool): void
  /** Replace what is drawn. Before the map has loaded it is shown as soon as it has. */
  show(pieces: readonly Piece[]): void
  readonly pieces: Piece[]
  removeSelected(): void
  /** Bring what is drawn into view; the whole community without anything. */
  fit(animate: boolean): void
  /** Where a place is drawn, in CSS pixels of the map; for browser tests. */
  project(position: readonly [number, number]): [number, number]
  close(): void
}

export function openShapeEditor(options: ShapeEditorOptions, pieces: readonly Piece[]): Promise<ShapeEditor> {
  const { container, manifest, edited, locale } = options
  const map = new MapLibreMap({
    container, style: groundStyle(manifest, edited), locale,
    bounds: boundsOf(pieces) ?? manifest.community.bbox, fitBoundsOptions: FIT,
    transformRequest: withVersion, attributionControl: false, minZoom: 8, maxZoom: 22,
    dragRotate: false, pitchWithRotate: false, touchPitch: false, cooperativeGestures: true,
  })
  map.touchZoomRotate.disableRotation()
  map.addControl(new NavigationControl({ showCompass: false }), 'top-right')
  map.addControl(new ScaleControl(), 'bottom-left')
  return new Promise((resolve) => {
    map.once('load', () => {
      map.resize() // the form may have found its width only after the map was made
      const editor = sketchOn(map, options, pieces)
      editor.fit(false)
      resolve(editor)
    })
  })
}

const FIT = { padding: 60, maxZoom: 19 }

function sketchOn(map: MapLibreMap, options: ShapeEditorOptions, pieces: readonly Piece[]): ShapeEditor {
  const { manifest, edited, kind, readOnly } = options
  const neighbours = new Neighbours(map, manifest.community.id, edited.layer, edited.id)
  const sketch = new Sketch(map, singleOf(kind), neighbours, readOnly, options)
  sketch.show(pieces)
  return {
    use: (tool) => sketch.use(tool),
    show: (wanted) => void sketch.show(wanted),
    get pieces() {
      return sketch.pieces
    },
    removeSelected: () => sketch.removeSelected(),
    fit: (animate) => void map.fitBounds(boundsOf(sketch.pieces) ?? manifest.community.bbox, { ...FIT, animate }),
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
