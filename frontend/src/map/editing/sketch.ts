import type { Map as MapLibreMap } from 'maplibre-gl'
import {
  TerraDraw, TerraDrawLineStringMode, TerraDrawPointMode, TerraDrawPolygonMode, TerraDrawSelectMode,
  type GeoJSONStoreFeatures, type HexColor, type SnapToCustom,
} from 'terra-draw'
import { TerraDrawMapLibreGLAdapter } from 'terra-draw-maplibre-gl-adapter'
import type { Neighbours } from './neighbours'
import { rounded, type Piece, type Single } from './pieces'

export type Tool = 'draw' | 'hole' | 'edit'

const INK: HexColor = '#c2410c'
const HOLE: HexColor = '#57534e'
const MODE: Readonly<Record<Single, string>> = { Point: 'point', LineString: 'linestring', Polygon: 'polygon' }

type Snapping = { readonly toCustom: SnapToCustom }

const isHole = (feature: GeoJSONStoreFeatures): boolean => feature.properties['hole'] === true

/** The shapes being edited, on terra-draw. Tells `onChange` after every finished step, never in the middle of one. */
export class Sketch {
  private readonly draw: TerraDraw
  private tool: Tool = 'edit'
  private selected: string | number | null = null

  constructor(
    map: MapLibreMap, private readonly single: Single, neighbours: Neighbours, private readonly readOnly: boolean,
    private readonly told: { changed: (added: Piece | null) => void; selected: (some: boolean) => void },
  ) {
    const snapping: Snapping = { toCustom: (event) => neighbours.snap(event) }
    this.draw = new TerraDraw({
      adapter: new TerraDrawMapLibreGLAdapter({ map, coordinatePrecision: 9 }),
      modes: [drawMode(single, snapping), readOnly ? new TerraDrawSelectMode({ flags: {} }) : selectMode(snapping)],
    })
    this.draw.start()
    this.draw.setMode('select')
    this.draw.on('finish', (id, { action }) => this.finished(id, action === 'draw'))
    this.draw.on('select', (id) => this.chose(id))
    this.draw.on('deselect', () => this.chose(null))
    this.draw.on('change', (_ids, type, context) => {
      if (type === 'delete' && context === undefined && this.tool === 'edit') this.told.changed(null)
    })
  }

  private finished(id: string | number, drawn: boolean): void {
    if (!drawn) return this.told.changed(null)
    if (this.tool === 'hole') this.draw.updateFeatureProperties(id, { hole: true })
    const feature = this.draw.getSnapshotFeature(id)
    this.told.changed(feature === undefined ? null : pieceOf(feature))
  }

  private chose(id: string | number | null): void {
    this.selected = id
    this.told.selected(id !== null)
  }

  use(tool: Tool): void {
    this.tool = tool
    this.draw.setMode(tool === 'edit' ? 'select' : MODE[this.single])
    this.chose(null)
    if (tool === 'edit') this.selectOnly()
  }

  /** What is drawn and finished. */
  get pieces(): Piece[] {
    return this.draw.getSnapshot()
      .filter((feature) => feature.properties['mode'] === MODE[this.single] && !feature.properties['currentlyDrawing'])
      .map(pieceOf)
  }

  /** Replace everything. Returns whether the library could take it all. */
  show(pieces: readonly Piece[]): boolean {
    if (this.draw.getMode() === 'select' && this.selected !== null) this.draw.deselectFeature(this.selected)
    this.draw.clear()
    this.chose(null)
    const answers = this.draw.addFeatures(pieces.map(({ geometry, hole }) => ({
      type: 'Feature', geometry: rounded(geometry), properties: { mode: MODE[this.single], hole },
    })))
    if (this.tool === 'edit') this.selectOnly()
    return answers.every(({ valid }) => valid)
  }

  /** One shape alone: its corners are there to be moved at once. */
  private selectOnly(): void {
    const shapes = this.draw.getSnapshot().filter((feature) => feature.properties['mode'] === MODE[this.single])
    const only = shapes[0]
    if (!this.readOnly && shapes.length === 1 && only?.id !== undefined) this.draw.selectFeature(only.id)
  }

  removeSelected(): void {
    if (this.selected === null) return
    const id = this.selected
    this.draw.deselectFeature(id)
    this.draw.removeFeatures([id])
    this.chose(null)
    this.told.changed(null)
  }

  stop(): void {
    this.draw.stop()
  }
}

function pieceOf(feature: GeoJSONStoreFeatures): Piece {
  return { geometry: feature.geometry as Piece['geometry'], hole: isHole(feature) }
}

function drawMode(single: Single, snapping: Snapping): TerraDrawPointMode | TerraDrawLineStringMode | TerraDrawPolygonMode {
  if (single === 'Point') {
    return new TerraDrawPointMode({ styles: {
      pointColor: INK, pointWidth: 7, pointOutlineColor: '#ffffff', pointOutlineWidth: 2 } })
  }
  if (single === 'LineString') {
    return new TerraDrawLineStringMode({ snapping, styles: { lineStringColor: INK, lineStringWidth: 4 } })
  }
  return new TerraDrawPolygonMode({ snapping, styles: {
    fillColor: (feature) => (isHole(feature) ? '#ffffff' : INK),
    fillOpacity: (feature) => (isHole(feature) ? 0.75 : 0.25),
    outlineColor: (feature) => (isHole(feature) ? HOLE : INK),
    outlineWidth: 3, closingPointColor: INK,
  } })
}

/** Corners move, whole outlines do not: a building pushed aside by a stray drag would go unnoticed. */
function selectMode(snapping: Snapping): TerraDrawSelectMode {
  const corners = { midpoints: true, draggable: true, deletable: true, snappable: snapping }
  return new TerraDrawSelectMode({
    flags: {
      polygon: { feature: { draggable: false, coordinates: corners } },
      linestring: { feature: { draggable: false, coordinates: corners } },
      point: { feature: { draggable: true } },
    },
    pointerDistance: 20,
    styles: {
      selectedPolygonColor: (feature) => (isHole(feature) ? '#ffffff' : INK),
      selectedPolygonFillOpacity: (feature) => (isHole(feature) ? 0.75 : 0.3),
      selectedPolygonOutlineColor: (feature) => (isHole(feature) ? HOLE : INK),
      selectedPolygonOutlineWidth: 3,
      selectedLineStringColor: INK, selectedLineStringWidth: 4,
      selectedPointColor: INK, selectedPointWidth: 8,
      selectedPointOutlineColor: '#ffffff', selectedPointOutlineWidth: 3,
      selectionPointColor: '#ffffff', selectionPointWidth: 6,
      selectionPointOutlineColor: INK, selectionPointOutlineWidth: 3,
      midPointColor: INK, midPointOpacity: 0.55, midPointWidth: 4, midPointOutlineColor: '#ffffff', midPointOutlineWidth: 1,
    },
  })
}
