import { transform, type Matrix4 } from './matrix'

/** [x0, y0, z0, x1, y1, z1] in local metres. */
export type Box = readonly [number, number, number, number, number, number]

/** The box that holds nothing; growing it by a point makes a box of that point. */
export function emptyBox(): [number, number, number, number, number, number] {
  return [Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity]
}

export function growBox(box: number[], x: number, y: number, z: number): void {
  if (x < box[0]!) box[0] = x
  if (y < box[1]!) box[1] = y
  if (z < box[2]!) box[2] = z
  if (x > box[3]!) box[3] = x
  if (y > box[4]!) box[4] = y
  if (z > box[5]!) box[5] = z
}

/** True when a box lies wholly outside one side of the view. `toClip` takes local metres to clip space. */
export function outsideView(toClip: Matrix4, box: Box): boolean {
  let left = 0
  let right = 0
  let below = 0
  let above = 0
  let behind = 0
  for (let corner = 0; corner < 8; corner++) {
    const [x, y, , w] = transform(
      toClip, box[corner & 1 ? 3 : 0], box[corner & 2 ? 4 : 1], box[corner & 4 ? 5 : 2], 1,
    )
    if (x < -w) left++
    if (x > w) right++
    if (y < -w) below++
    if (y > w) above++
    if (w <= 0) behind++
  }
  return left === 8 || right === 8 || below === 8 || above === 8 || behind === 8
}

/** Distance of a point to a box, 0 inside. */
export function distanceToBox(x: number, y: number, z: number, box: Box): number {
  const gap = (value: number, low: number, high: number): number => Math.max(low - value, 0, value - high)
  return Math.hypot(gap(x, box[0], box[3]), gap(y, box[1], box[4]), gap(z, box[2], box[5]))
}

/** The camera's place: the point that a perspective matrix sends to (0, 0, z, 0). `inverse`: clip to local. */
export function eyeOf(inverse: Matrix4): [number, number, number] {
  const [x, y, z, w] = transform(inverse, 0, 0, 1, 0)
  return [x / w, y / w, z / w]
}
