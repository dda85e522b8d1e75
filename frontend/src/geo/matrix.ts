/** 4x4 matrices, column-major, in Float64: single precision is too coarse for mercator units at street level. */
export type Matrix4 = ArrayLike<number>

/** a * b. */
export function multiply(a: Matrix4, b: Matrix4): Float64Array {
  const out = new Float64Array(16)
  for (let column = 0; column < 4; column++) {
    for (let row = 0; row < 4; row++) {
      let sum = 0
      for (let k = 0; k < 4; k++) sum += a[k * 4 + row]! * b[column * 4 + k]!
      out[column * 4 + row] = sum
    }
  }
  return out
}

/** Inverse by Gauss-Jordan elimination with row pivoting; null when the matrix is singular. */
export function invert(m: Matrix4): Float64Array | null {
  const rows = Array.from({ length: 4 }, (_, r) => [
    m[r]!, m[4 + r]!, m[8 + r]!, m[12 + r]!, +(r === 0), +(r === 1), +(r === 2), +(r === 3),
  ])
  for (let c = 0; c < 4; c++) {
    let pivot = c
    for (let r = c + 1; r < 4; r++) if (Math.abs(rows[r]![c]!) > Math.abs(rows[pivot]![c]!)) pivot = r
    ;[rows[c], rows[pivot]] = [rows[pivot]!, rows[c]!]
    const divisor = rows[c]![c]!
    if (divisor === 0 || !Number.isFinite(divisor)) return null
    for (let k = 0; k < 8; k++) rows[c]![k]! /= divisor
    for (let r = 0; r < 4; r++) if (r !== c) eliminate(rows[r]!, rows[c]!, rows[r]![c]!)
  }
  const out = new Float64Array(16)
  for (let r = 0; r < 4; r++) for (let c = 0; c < 4; c++) out[c * 4 + r] = rows[r]![4 + c]!
  return out
}

function eliminate(row: number[], pivotRow: number[], factor: number): void {
  if (factor === 0) return
  for (let k = 0; k < 8; k++) row[k]! -= factor * pivotRow[k]!
}

/** m * (x, y, z, w) as a homogeneous vector. */
export function transform(m: Matrix4, x: number, y: number, z: number, w: number): [number, number, number, number] {
  return [0, 1, 2, 3].map((r) => m[r]! * x + m[4 + r]! * y + m[8 + r]! * z + m[12 + r]! * w) as [
    number, number, number, number,
  ]
}
