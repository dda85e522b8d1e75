import type { Feature, FeatureCollection, Position } from 'geojson'
import type { Map as MapLibreMap } from 'maplibre-gl'
import { getJson } from '@/api/client'
import { splitGeometry } from './pieces'

/** Layers whose shapes lie side by side: a border drawn twice should be the same border. */
const SIDE_BY_SIDE: ReadonlySet<string> = new Set(['grids', 'compounds', 'buildings', 'landcover'])
const NEAR_PX = 12
const FROM_ZOOM = 14

/**
 * The exact outlines around, of the layer that is edited. Tiles round to decimetres, and a border of a grid that is off by
 * that much overlaps its neighbour by more than the database allows.
 */
export class Neighbours {
  private lines: Position[][] = []

  constructor(
    private readonly map: MapLibreMap, private readonly community: number,
    private readonly layer: string, private readonly own: number | null,
  ) {
    if (!SIDE_BY_SIDE.has(layer)) return
    const look = (): void => void this.fetch()
    map.on('moveend', look)
    look()
  }

  private async fetch(): Promise<void> {
    if (this.map.getZoom() < FROM_ZOOM) return
    const bbox = this.map.getBounds().toArray().flat().join(',')
    try {
      const found = await getJson<FeatureCollection>(`/layers/${this.community}/features/${this.layer}/?bbox=${bbox}`)
      this.lines = found.features.filter(({ id }) => id !== this.own).flatMap(linesOf)
    } catch {
      this.lines = [] // drawing goes on without help
    }
  }

  /** A corner within reach of the pointer, else the nearest place on an outline; undefined when none is near. */
  snap(at: { lng: number; lat: number }): Position | undefined {
    const pointer = this.map.project(at)
    let corner: Found | null = null
    let edge: Found | null = null
    for (const line of this.lines) {
      for (let index = 0; index < line.length; index++) {
        corner = nearer(corner, this.measured(line[index]!, pointer))
        if (index > 0) edge = nearer(edge, this.measured(this.foot(line[index - 1]!, line[index]!, pointer), pointer))
      }
    }
    const best = corner ?? edge
    return best === null ? undefined : best.position.map((n) => Number(n.toFixed(9)))
  }

  private measured(position: Position, pointer: Pixel): Found {
    const { x, y } = this.map.project(position as [number, number])
    return { position, px: Math.hypot(x - pointer.x, y - pointer.y) }
  }

  /** The place on a segment that is nearest to the pointer on the screen. */
  private foot(from: Position, to: Position, pointer: Pixel): Position {
    const a = this.map.project(from as [number, number])
    const b = this.map.project(to as [number, number])
    const [dx, dy] = [b.x - a.x, b.y - a.y]
    const along = ((pointer.x - a.x) * dx + (pointer.y - a.y) * dy) / (dx * dx + dy * dy || 1)
    const share = Math.min(1, Math.max(0, along))
    return [from[0]! + share * (to[0]! - from[0]!), from[1]! + share * (to[1]! - from[1]!)]
  }
}

interface Pixel { readonly x: number; readonly y: number }
interface Found { readonly position: Position; readonly px: number }

function nearer(best: Found | null, candidate: Found): Found | null {
  if (candidate.px > NEAR_PX) return best
  return best === null || candidate.px < best.px ? candidate : best
}

function linesOf(feature: Feature): Position[][] {
  return splitGeometry(feature.geometry).map(({ geometry }) =>
    geometry.type === 'Point' ? [geometry.coordinates] : geometry.coordinates.flat(geometry.type === 'Polygon' ? 1 : 0) as Position[])
}
