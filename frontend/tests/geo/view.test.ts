import { describe, expect, test } from 'vitest'
import { distanceToBox, eyeOf, outsideView, type Box } from '@/geo/frustum'
import { invert, multiply, transform } from '@/geo/matrix'
import { rayThrough } from '@/geo/ray'

/** A camera at (0, -100, 0) that looks north, 90 degrees wide: x right, z up, y away. */
function camera(): Float64Array {
  const [near, far] = [1, 1000]
  const depth = [0, 0, -(far + near) / (far - near), -1, 0, 0, (-2 * far * near) / (far - near), 0]
  const projection = new Float64Array([1, 0, 0, 0, 0, 1, 0, 0, ...depth])
  const view = new Float64Array([1, 0, 0, 0, 0, 0, -1, 0, 0, 1, 0, 0, 0, 0, -100, 1])
  return multiply(projection, view)
}
const toClip = camera()
const inverse = invert(toClip)!

describe('the view', () => {
  test('an inverse undoes its matrix, and a singular one has none', () => {
    const unit = multiply(toClip, inverse)
    unit.forEach((value, index) => expect(value).toBeCloseTo(index % 5 === 0 ? 1 : 0, 9))
    expect(invert(new Float64Array(16))).toBeNull()
  })

  test('the eye is found in the inverse', () => {
    const eye = eyeOf(inverse)
    ;[0, -100, 0].forEach((value, axis) => expect(eye[axis]).toBeCloseTo(value, 9))
  })

  test('a ray goes through the point that is drawn there', () => {
    const [x, y, , w] = transform(toClip, 12, 40, 7, 1)
    const { origin, direction } = rayThrough(inverse, x / w, y / w)
    const t = (40 - origin[1]) / direction[1]
    expect(origin[0] + direction[0] * t).toBeCloseTo(12, 6)
    expect(origin[2] + direction[2] * t).toBeCloseTo(7, 6)
  })

  test('boxes behind and beside it are outside, boxes that touch it are not', () => {
    const around = (x: number, y: number): Box => [x - 5, y - 5, -5, x + 5, y + 5, 5]
    expect(outsideView(toClip, around(0, 0))).toBe(false)
    expect(outsideView(toClip, around(0, -200))).toBe(true)
    expect(outsideView(toClip, around(300, 0))).toBe(true)
    expect(outsideView(toClip, around(102, 0))).toBe(false)
  })

  test('the distance to a box is zero inside it', () => {
    const box: Box = [0, 0, 0, 10, 10, 10]
    expect(distanceToBox(5, 5, 5, box)).toBe(0)
    expect(distanceToBox(13, 14, 5, box)).toBe(5)
  })
})
