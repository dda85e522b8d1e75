import { shallowReactive, shallowRef } from 'vue'
import { fetchGrid } from '@/api/places'
import type { Counts } from '@/api/types'
import { leafGrids, rootGrid } from './manifest'

/** Counts per grid by id, the root's among them; filled as the answers come. */
export const gridCounts = shallowReactive(new Map<number, Counts>())
/** The reason why the community's own counts are missing, or null. */
export const figuresFailed = shallowRef<unknown>(null)

const AT_ONCE = 3

/** Ask for the counts of the community and of each grid; a few at a time, they are not urgent. */
export async function loadFigures(): Promise<void> {
  const root = rootGrid.value
  if (root === undefined) return
  figuresFailed.value = null
  try {
    gridCounts.set(root.id, (await fetchGrid(root.id)).counts)
  } catch (reason) {
    figuresFailed.value = reason
    return
  }
  const waiting = leafGrids.value.map(({ id }) => id)
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) await loadOne(id)
  }))
}

async function loadOne(id: number): Promise<void> {
  try {
    gridCounts.set(id, (await fetchGrid(id)).counts)
  } catch (reason) {
    console.warn(`counts of grid ${id}`, reason)
  }
}
