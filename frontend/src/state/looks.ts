import { computed, shallowRef } from 'vue'
import type { ManyLookedFact } from '@/live/messages'
import { community } from './session'

/** That somebody has looked at many, told to the auditor and to who looked; the newest last. */
export const manyLooked = shallowRef<readonly ManyLookedFact[]>([])
const KEY = 'twin.looks.seen'
const seen = shallowRef(Number(localStorage.getItem(KEY) ?? 0))
/** Those that the viewer has not opened yet. */
export const unseenLooks = computed(
  () => manyLooked.value.filter((one) => one.id > seen.value && one.community_id === community.value?.id).length,
)

export function replaceManyLooked(facts: readonly ManyLookedFact[]): void {
  manyLooked.value = [...facts].sort((a, b) => a.id - b.id)
}

export function applyManyLooked(fact: ManyLookedFact): void {
  replaceManyLooked([...manyLooked.value.filter(({ id }) => id !== fact.id), fact])
}

/** The viewer has the list before them. */
export function looksSeen(): void {
  const newest = manyLooked.value.at(-1)?.id ?? 0
  if (newest <= seen.value) return
  seen.value = newest
  localStorage.setItem(KEY, String(newest))
}
