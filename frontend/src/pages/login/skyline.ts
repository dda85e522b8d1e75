/** A skyline for the log-in page: decoration only, the same at every visit. */
export interface House {
  readonly x: number
  readonly width: number
  readonly height: number
  readonly windows: readonly { readonly x: number; readonly y: number; readonly lit: boolean }[]
}

export const SKYLINE_WIDTH = 1600
export const SKYLINE_HEIGHT = 420

/** Houses from left to right; `depth` 0 is the far row, 1 the near one. */
export function skyline(seed: number, depth: number): House[] {
  const random = sequence(seed)
  const houses: House[] = []
  for (let x = -20; x < SKYLINE_WIDTH; ) {
    const width = 46 + random() * 60
    const height = (depth === 0 ? 120 : 60) + random() * (depth === 0 ? 230 : 170)
    houses.push({ x, width, height, windows: depth === 0 ? [] : windowsOf(width, height, random) })
    x += width + 8 + random() * 26
  }
  return houses
}

function windowsOf(width: number, height: number, random: () => number): House['windows'] {
  const windows: { x: number; y: number; lit: boolean }[] = []
  for (let y = 14; y < height - 12; y += 15) {
    for (let x = 8; x < width - 12; x += 13) windows.push({ x, y, lit: random() < 0.34 })
  }
  return windows
}

/** Mulberry32: a small repeatable sequence of numbers in [0, 1). */
function sequence(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
