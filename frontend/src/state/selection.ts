import { shallowRef } from 'vue'

export const SELECTABLE = ['grid', 'building', 'dwelling', 'alarm', 'shift', 'person'] as const
export type SelectionKind = (typeof SELECTABLE)[number]

/** What the viewer has picked, on the map, in a list or by a shared link. */
export interface Selection {
  readonly kind: SelectionKind
  readonly id: number
}

export const selection = shallowRef<Selection | null>(null)

export function select(kind: SelectionKind, id: number): void {
  if (selection.value?.kind !== kind || selection.value.id !== id) selection.value = { kind, id }
}

export function clearSelection(): void {
  selection.value = null
}
