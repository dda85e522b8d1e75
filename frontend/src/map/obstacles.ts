import type { Position } from 'geojson'
import type { Map as MapLibreMap } from 'maplibre-gl'
import { emptyBox, growBox } from '@/geo/frustum'
import { frameMatrix, localFrame, toLocal, type LocalFrame } from '@/geo/frame'
import { hitPrism, meetsBox, type Prism, type PrismHit, type Ray } from '@/geo/ray'
import type { LonLat } from '@/geo/mercator'

interface Body {
  readonly building: number
  readonly name: string
  readonly prism: Prism
  readonly box: readonly number[]
}

export interface NamedRoof {
  readonly id: number
  readonly name: string
  readonly at: readonly [x: number, y: number, z: number]
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
  private names: NamedRoof[] | null = null
  private outdated = true

  constructor(private readonly map: MapLibreMap) {
    this.frame = localFrame([0, 0])
    this.toMercator = frameMatrix(this.frame)
    map.on('sourcedata', (event) => {
      if (event.sourceId === SOURCE) this.outdated = true
    })
  }

  /**
   * Read the bodies again if tiles came or went since, and say whether it was so: the frame is then another.
   * Call before rays are made.
   */
  refresh(): boolean {
    if (!this.outdated || this.map.getSource(SOURCE) === undefined) return false
    this.outdated = false
    this.names = null
    const { lng, lat } = this.map.getCenter()
    this.frame = localFrame([lng, lat])
    this.toMercator = frameMatrix(this.frame)
    this.bodies = this.map.querySourceFeatures(SOURCE, { sourceLayer: SOURCE }).flatMap((feature) => {
      const { geometry, properties, id } = feature
      const parts: Position[][][] = geometry.type === 'Polygon' ? [geometry.coordinates]
        : geometry.type === 'MultiPolygon' ? geometry.coordinates : []
      const base = Number(properties['base'] ?? 0)
      const top = Number(properties['height'] ?? DEFAULT_HEIGHT_M)
      const name = String(properties['name'] || properties['number'] || '')
      return parts.map((rings) => this.body(Number(id), name, rings as unknown as LonLat[][], base, top))
    })
    return true
  }

  /** The middle of each building's roof, in `this.frame`, once per building although tiles cut some in two. */
  named(): readonly NamedRoof[] {
    if (this.names !== null) return this.names
    const boxes = new Map<number, { name: string; box: number[] }>()
    for (const { building, name, box } of this.bodies) {
      const known = boxes.get(building) ?? { name, box: emptyBox() }
      growBox(known.box, box[0]!, box[1]!, box[2]!)
      growBox(known.box, box[3]!, box[4]!, box[5]!)
      boxes.set(building, known)
    }
    this.names = [...boxes].map(([id, { name, box }]) => ({
      id, name, at: [(box[0]! + box[3]!) / 2, (box[1]! + box[4]!) / 2, box[5]!] as const,
    }))
    return this.names
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

  private body(building: number, name: string, rings: readonly LonLat[][], base: number, top: number): Body {
    const box = emptyBox()
    const local = rings.map((ring) => ring.map((point) => {
      const [x, y] = toLocal(this.frame, point)
      growBox(box, x, y, base)
      growBox(box, x, y, top)
      return [x, y] as const
    }))
    return { building, name, prism: { rings: local, base, top }, box }
  }
}
