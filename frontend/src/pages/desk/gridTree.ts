import type { ManifestGrid } from '@/api/manifest'

export interface Branch {
  readonly grid: ManifestGrid
  /** How many grids of the list stand above it. */
  readonly depth: number
}

/** Grids below each other as their paths say, in the order in which they are listed; the root, which is the community, left out. */
export function gridTree(grids: readonly ManifestGrid[]): Branch[] {
  const isRoot = (grid: ManifestGrid): boolean => !grids.some((other) => isAbove(other, grid))
  const below = (parent: ManifestGrid | null, depth: number): Branch[] =>
    grids.filter((grid) => parentOf(grid, grids) === parent).flatMap((grid) => [
      ...(isRoot(grid) && grids.length > 1 ? [] : [{ grid, depth }]),
      ...below(grid, isRoot(grid) ? depth : depth + 1),
    ])
  return below(null, 0)
}

function isAbove(one: ManifestGrid, other: ManifestGrid): boolean {
  return one !== other && other.path.startsWith(one.path)
}

/** The nearest grid above. */
function parentOf(grid: ManifestGrid, grids: readonly ManifestGrid[]): ManifestGrid | null {
  const above = grids.filter((other) => isAbove(other, grid))
  return above.reduce<ManifestGrid | null>((best, one) => (best === null || one.path.length > best.path.length ? one : best), null)
}
