import { transform, type Matrix4 } from './matrix'

export type Vector3 = readonly [x: number, y: number, z: number]

/** A half line in local metres. `direction` is not normalised: distances are in multiples of it. */
export interface Ray {
  readonly origin: Vector3
  readonly direction: Vector3
}

/**
 * The ray under a screen point. `inverse` takes clip space to local metres; x and y are normalised device
 * coordinates (-1 .. 1, y up). The ray starts on the near plane.
 */
export function rayThrough(inverse: Matrix4, x: number, y: number): Ray {
  const near = unproject(inverse, x, y, -1)
  const far = unproject(inverse, x, y, 1)
  return { origin: near, direction: [far[0] - near[0], far[1] - near[1], far[2] - near[2]] }
}

function unproject(inverse: Matrix4, x: number, y: number, z: number): Vector3 {
  const [px, py, pz, w] = transform(inverse, x, y, z, 1)
  return [px / w, py / w, pz / w]
}

/** The point at distance `t` along the ray. */
export function pointAt({ origin, direction }: Ray, t: number): Vector3 {
  return [origin[0] + direction[0] * t, origin[1] + direction[1] * t, origin[2] + direction[2] * t]
}

/**
 * Where a ray meets an upright wall from (x0, y0) to (x1, y1) between two heights, or null. The outside is on
 * the right hand; with `fromOutside` a hit from behind does not count. Returns the distance t > 0.
 */
export function hitWall(
  ray: Ray, x0: number, y0: number, x1: number, y1: number, base: number, top: number, fromOutside: boolean,
): number | null {
  const [dx, dy, dz] = ray.direction
  const ex = x1 - x0
  const ey = y1 - y0
  // (ey, -ex) points to the right of the wall's direction, that is outwards.
  const facing = dx * ey - dy * ex
  if (facing === 0 || (fromOutside && facing > 0)) return null
  const ox = x0 - ray.origin[0]
  const oy = y0 - ray.origin[1]
  const t = (ox * ey - oy * ex) / facing
  if (!(t > 0)) return null
  const along = (ox * dy - oy * dx) / facing
  if (along < 0 || along > 1) return null
  const z = ray.origin[2] + dz * t
  return z >= base && z <= top ? t : null
}

/** A solid with upright walls: rings (outer first, then holes) of [x, y] in local metres, and its heights. */
export interface Prism {
  readonly rings: readonly (readonly (readonly [number, number])[])[]
  readonly base: number
  readonly top: number
}

export interface PrismHit {
  readonly t: number
  readonly part: 'wall' | 'roof'
}

/** The first point where a ray meets the walls or the roof of a prism, or null. */
export function hitPrism(ray: Ray, prism: Prism): PrismHit | null {
  let best: PrismHit | null = null
  for (const ring of prism.rings) {
    for (let i = 0; i + 1 < ring.length; i++) {
      const [a, b] = [ring[i]!, ring[i + 1]!]
      const t = hitWall(ray, a[0], a[1], b[0], b[1], prism.base, prism.top, false)
      if (t === null || (best !== null && t >= best.t)) continue
      if (standsBetween(prism.rings, pointAt(ray, t), b[0] - a[0], b[1] - a[1])) best = { t, part: 'wall' }
    }
  }
  const roof = hitRoof(ray, prism)
  return roof !== null && (best === null || roof < best.t) ? { t: roof, part: 'roof' } : best
}

/** How far beside a wall to look for inside and outside, in metres: less than anything that is built. */
const BESIDE_M = 0.05

/**
 * Whether a wall along (dx, dy) has the inside on one side and the outside on the other. Where a tile's border
 * cuts through a courtyard, an edge of the outline and one of the hole lie on each other and close nothing.
 */
function standsBetween(rings: Prism['rings'], [x, y]: Vector3, dx: number, dy: number): boolean {
  const step = BESIDE_M / Math.hypot(dx, dy)
  const [sideX, sideY] = [dy * step, -dx * step]
  return insideRings(rings, x + sideX, y + sideY) !== insideRings(rings, x - sideX, y - sideY)
}

function hitRoof(ray: Ray, prism: Prism): number | null {
  if (ray.direction[2] >= 0) return null
  const t = (prism.top - ray.origin[2]) / ray.direction[2]
  if (!(t > 0)) return null
  const [x, y] = pointAt(ray, t)
  return insideRings(prism.rings, x, y) ? t : null
}

/** Even-odd test of a point against rings, so holes count as outside. */
export function insideRings(rings: Prism['rings'], x: number, y: number): boolean {
  let inside = false
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi, yi] = ring[i]!
      const [xj, yj] = ring[j]!
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside
    }
  }
  return inside
}

/** Whether a ray passes through an axis-parallel box [x0, y0, z0, x1, y1, z1], nearer than `limit`. */
export function meetsBox(ray: Ray, box: ArrayLike<number>, limit = Infinity): boolean {
  let from = 0
  let to = limit
  for (let axis = 0; axis < 3; axis++) {
    const inverse = 1 / ray.direction[axis]!
    let near = (box[axis]! - ray.origin[axis]!) * inverse
    let far = (box[axis + 3]! - ray.origin[axis]!) * inverse
    if (near > far) [near, far] = [far, near]
    // A ray inside a slab it runs parallel to gives NaN; comparing so that NaN does not exclude.
    if (near > from) from = near
    if (far < to) to = far
    if (from > to) return false
  }
  return true
}
