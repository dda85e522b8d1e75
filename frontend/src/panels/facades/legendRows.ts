import type { FacadeCategory, FacadeCounts, FacadeMode } from '@/api/facades'

/** A line of the legend. Counts are null until they are known. */
export interface LegendRow {
  readonly category: FacadeCategory
  readonly count: number | null
  /** Of all homes that the viewer is granted, 0 .. 1. */
  readonly share: number
  /** Another category is shown alone. */
  readonly quiet: boolean
}

export function legendRows(mode: FacadeMode, counts: FacadeCounts | null, only: string | null): LegendRow[] {
  return mode.categories.map((category) => {
    const count = counts === null ? null : (counts.counts[category.key] ?? 0)
    return {
      category, count,
      share: counts === null || counts.homes === 0 ? 0 : (count ?? 0) / counts.homes,
      quiet: only !== null && only !== category.key,
    }
  })
}

/** Homes without a category; null until known. */
export function restCount(counts: FacadeCounts | null): number | null {
  return counts && counts.homes - Object.values(counts.counts).reduce((sum, count) => sum + count, 0)
}
