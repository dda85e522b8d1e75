import type { Position } from 'geojson'
import type { Map as MapLibreMap } from 'maplibre-gl'
import { emptyBox, growBox } from '@/geo/frustum'
import { frameMatrix, localFrame, toLocal, type LocalFrame } from '@/geo/frame'
import { hitPrism, meetsBox, type Prism, type PrismHit, type Ray } from '@/geo/ray'
import type { LonLat } from '@/geo/mercator'

interface Body {
  readonly building: number
  readonly prism: Prism
  readonly box: readonly number[]
}

export interface BodyHit extends PrismHit {
  readonly building: number
}

const SOURCE = 'buildings'
const DEFAULT_HEIGHT_M = 6

/** The bodies of the buildings that the map holds, as solids that a ray can meet. */
export class Obstacles {
  frame: LocalFrame
  toMercator: Float64Array
  private bodies: Body[] = []
  private outdated = true

  constructor(private readonly map: MapLibreMap) {
    this.frame = localFrame([0, 0])
    this.toMercator = frameMatrix(this.frame)
    map.on('sourcedata', (event) => {
      if (event.sourceId === SOURCE) this.outdated = true
    })
  }

  /** Read the bodies again if tiles came or went since. Call before rays are made for this frame. */
  refresh(): void {
    if (!this.outdated || this.map.getSource(SOURCE) === undefined) return
    this.outdated = false
    const { lng, lat } = this.map.getCenter()
    this.frame = localFrame([lng, lat])
    this.toMercator = frameMatrix(this.frame)
    this.bodies = this.map.querySourceFeatures(SOURCE, { sourceLayer: SOURCE }).flatMap((feature) => {
      const { geometry, properties, id } = feature
      const parts: Position[][][] = geometry.type === 'Polygon' ? [geometry.coordinates]
        : geometry.type === 'MultiPolygon' ? geometry.coordinates : []
      const base = Number(properties['base'] ?? 0)
      const top = Number(properties['height'] ?? DEFAULT_HEIGHT_M)
      return parts.map((rings) => this.body(Number(id), rings as unknown as LonLat[][], base, top))
    })
  }

  /** Every body that a ray meets, nearest first. The ray is in `this.frame`. */
  hits(ray: Ray): BodyHit[] {
    const found: BodyHit[] = []
    for (const { box, prism, building } of this.bodies) {
      if (!meetsBox(ray, box)) continue
      const hit = hitPrism(ray, prism)
      if (hit !== null) found.push({ ...hit, building })
    }
    return found.sort((a, b) => a.t - b.t)
  }

  private body(building: number, rings: readonly LonLat[][], base: number, top: number): Body {
    const box = emptyBox()
    const local = rings.map((ring) => ring.map((point) => {
      const [x, y] = toLocal(this.frame, point)
      growBox(box, x, y, base)
      growBox(box, x, y, top)
      return [x, y] as const
    }))
    return { building, prism: { rings: local, base, top }, box }
  }
}
