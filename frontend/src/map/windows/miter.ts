/**
 * Which way each end of each wall moves when the facade is pushed outwards by one metre. At a corner the two
 * walls move to the crossing of their shifted lines, so no gap opens; along one line they move straight out.
 */

/** Corners sharper than this keep a bounded tip. */
const LONGEST_MITRE = 2.5
/** Ends closer than this are the same corner; the file rounds to Float32. */
const SAME_CORNER_M = 0.02

/**
 * 4 numbers per wall: dx0, dy0, dx1, dy1 per metre of push. `walls`: 4 per wall (x0, y0, x1, y1) in metres,
 * outside on the right. `storey`: any number that is equal for walls of one height; only those can meet.
 */
export function mitres(walls: ArrayLike<number>, storey: ArrayLike<number>): Float32Array {
  const count = storey.length
  const out = new Float32Array(count * 4)
  const startsAt = new Map<string, number>()
  const endsAt = new Map<string, number>()
  const corner = (wall: number, end: 0 | 1): string => {
    const x = Math.round(walls[wall * 4 + end * 2]! / SAME_CORNER_M)
    const y = Math.round(walls[wall * 4 + end * 2 + 1]! / SAME_CORNER_M)
    return `${x},${y},${storey[wall]}`
  }
  for (let i = 0; i < count; i++) {
    startsAt.set(corner(i, 0), i)
    endsAt.set(corner(i, 1), i)
  }
  for (let i = 0; i < count; i++) {
    const own = outward(walls, i)
    const before = endsAt.get(corner(i, 0))
    const after = startsAt.get(corner(i, 1))
    out.set(join(own, before === undefined ? own : outward(walls, before)), i * 4)
    out.set(join(own, after === undefined ? own : outward(walls, after)), i * 4 + 2)
  }
  return out
}

type Direction = readonly [number, number]

/** Unit vector to the right of a wall. */
export function outward(walls: ArrayLike<number>, wall: number): Direction {
  const ex = walls[wall * 4 + 2]! - walls[wall * 4]!
  const ey = walls[wall * 4 + 3]! - walls[wall * 4 + 1]!
  const length = Math.hypot(ex, ey) || 1
  return [ey / length, -ex / length]
}

/** The crossing of the two lines shifted by one metre along their normals `a` and `b`. */
function join(a: Direction, b: Direction): Direction {
  const dot = a[0] * b[0] + a[1] * b[1]
  if (dot < -0.9) return a
  const scale = 1 / (1 + dot)
  const x = (a[0] + b[0]) * scale
  const y = (a[1] + b[1]) * scale
  const length = Math.hypot(x, y)
  return length > LONGEST_MITRE ? [(x / length) * LONGEST_MITRE, (y / length) * LONGEST_MITRE] : [x, y]
}
