import type { Map as MapLibreMap } from 'maplibre-gl'
import { invert, multiply } from '@/geo/matrix'
import { rayThrough } from '@/geo/ray'
import type { Selection } from '@/state/selection'
import type { BeamsLayer } from './live/BeamsLayer'
import type { Obstacles } from './obstacles'
import { pickIndex, pickPanel, type PickIndex } from './windows/pickPanels'
import type { TileMesh } from './windows/tileMesh'
import type { WindowsLayer } from './windows/WindowsLayer'

/** A body of the same building this much nearer is the same wall: tiles are rounded, panels are not. */
const SAME_WALL_M = 1.6

const indexes = new WeakMap<TileMesh, PickIndex>()

function indexOf(mesh: TileMesh): PickIndex {
  const known = indexes.get(mesh) ?? pickIndex(mesh.file)
  indexes.set(mesh, known)
  return known
}

/** Finds what stands under a point of the screen: exact, on the CPU, against what the last frame drew. */
export class Picker {
  constructor(
    private readonly map: MapLibreMap,
    private readonly windows: WindowsLayer,
    private readonly beams: BeamsLayer,
    private readonly obstacles: Obstacles,
  ) {}

  /** x, y in CSS pixels from the map's corner; `reachPx` widens small marks for fingers. */
  pick(x: number, y: number, reachPx = 6): Selection | null {
    return this.pickMark(x, y, reachPx) ?? this.pickBuilt(x, y) ?? this.pickGrid(x, y)
  }

  /** A dwelling or a building, or null where the ray meets the ground. */
  pickBuilt(x: number, y: number): Selection | null {
    const matrix = this.windows.lastMatrix
    if (matrix === null) return null
    this.obstacles.refresh()
    const { clientWidth, clientHeight } = this.map.getContainer()
    const device = [(x / clientWidth) * 2 - 1, 1 - (y / clientHeight) * 2] as const
    const panel = this.nearestPanel(matrix, device)
    const inverse = invert(multiply(matrix, this.obstacles.toMercator))
    if (inverse === null) return null
    const ray = rayThrough(inverse, ...device)
    const perT = Math.hypot(...ray.direction)
    for (const body of this.bodyShown() ? this.obstacles.hits(ray) : []) {
      if (panel === null || body.t > panel.t) return panel?.selection ?? { kind: 'building', id: body.building }
      const sameWall = body.building === panel.building && (panel.t - body.t) * perT < SAME_WALL_M
      if (!sameWall || body.part === 'roof') return { kind: 'building', id: body.building }
    }
    return panel?.selection ?? null
  }

  private nearestPanel(matrix: Float64Array, device: readonly [number, number]) {
    let best: { t: number; building: number; selection: Selection } | null = null
    for (const mesh of this.windows.drawnTiles) {
      const inverse = invert(multiply(matrix, mesh.toMercator))
      const hit = inverse === null ? null : pickPanel(indexOf(mesh), rayThrough(inverse, ...device))
      if (hit === null || (best !== null && hit.t >= best.t)) continue
      best = {
        t: hit.t,
        building: mesh.file.buildingIds[mesh.file.buildingIndex[hit.dwelling]!]!,
        selection: { kind: 'dwelling', id: mesh.file.dwellingIds[hit.dwelling]! },
      }
    }
    return best
  }

  private bodyShown(): boolean {
    return this.map.getLayer('buildings-body')?.visibility !== 'none'
  }

  /** Marks lie over everything: alarm signs, then workers. */
  private pickMark(x: number, y: number, reachPx: number): Selection | null {
    const alarm = this.beams.markAt(x, y, reachPx)
    if (alarm !== null) return { kind: 'alarm', id: alarm }
    if (this.map.getLayer('workers-head') === undefined) return null
    const box: [[number, number], [number, number]] = [[x - reachPx, y - reachPx], [x + reachPx, y + reachPx]]
    const [worker] = this.map.queryRenderedFeatures(box, { layers: ['workers-head'] })
    return worker === undefined ? null : { kind: 'shift', id: Number(worker.id) }
  }

  private pickGrid(x: number, y: number): Selection | null {
    if (this.map.getLayer('grids-fill') === undefined) return null
    const [grid] = this.map.queryRenderedFeatures([x, y], { layers: ['grids-fill'] })
    return grid === undefined ? null : { kind: 'grid', id: Number(grid.id) }
  }
}
