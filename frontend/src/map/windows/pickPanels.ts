import { hitWall, meetsBox, type Ray } from '@/geo/ray'
import type { PanelFile } from '@/geo/panelFile'

/** The walls to search: the file, and boxes of runs of dwellings to skip most of them. */
export interface PickIndex {
  readonly file: PanelFile
  /** Dwellings [first, first + count) lie in the box. */
  readonly runs: readonly { first: number; count: number; box: Float64Array }[]
}

export interface PanelHit {
  /** Index of the dwelling in the file. */
  readonly dwelling: number
  /** Distance along the ray, in multiples of its direction. */
  readonly t: number
}

const RUN = 32

/** Group the dwellings of a file, in file order, into runs with bounding boxes. */
export function pickIndex(file: PanelFile): PickIndex {
  const runs: { first: number; count: number; box: Float64Array }[] = []
  for (let first = 0; first < file.base.length; first += RUN) {
    const count = Math.min(RUN, file.base.length - first)
    runs.push({ first, count, box: boxOf(file, first, count) })
  }
  return { file, runs }
}

function boxOf(file: PanelFile, first: number, count: number): Float64Array {
  const box = new Float64Array([Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity])
  for (let dwelling = first; dwelling < first + count; dwelling++) {
    box[2] = Math.min(box[2]!, file.base[dwelling]!)
    box[5] = Math.max(box[5]!, file.top[dwelling]!)
    for (let at = file.firstPanel[dwelling]! * 4; at < file.firstPanel[dwelling + 1]! * 4; at += 2) {
      box[0] = Math.min(box[0]!, file.panels[at]!)
      box[1] = Math.min(box[1]!, file.panels[at + 1]!)
      box[3] = Math.max(box[3]!, file.panels[at]!)
      box[4] = Math.max(box[4]!, file.panels[at + 1]!)
    }
  }
  return box
}

/** The first wall that a ray meets from outside, or null. The ray is in the file's local metres. */
export function pickPanel({ file, runs }: PickIndex, ray: Ray): PanelHit | null {
  let best: PanelHit | null = null
  for (const run of runs) {
    if (!meetsBox(ray, run.box, best?.t ?? Infinity)) continue
    for (let dwelling = run.first; dwelling < run.first + run.count; dwelling++) {
      const t = nearestWall(file, dwelling, ray)
      if (t !== null && (best === null || t < best.t)) best = { dwelling, t }
    }
  }
  return best
}

function nearestWall(file: PanelFile, dwelling: number, ray: Ray): number | null {
  const { panels } = file
  let nearest: number | null = null
  for (let wall = file.firstPanel[dwelling]!; wall < file.firstPanel[dwelling + 1]!; wall++) {
    const t = hitWall(
      ray, panels[wall * 4]!, panels[wall * 4 + 1]!, panels[wall * 4 + 2]!, panels[wall * 4 + 3]!,
      file.base[dwelling]!, file.top[dwelling]!, true,
    )
    if (t !== null && (nearest === null || t < nearest)) nearest = t
  }
  return nearest
}
