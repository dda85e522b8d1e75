import { shallowReactive } from 'vue'
import type { Manifest } from '@/api/manifest'

const STORED = 'twin.layers'
/** Which layers are shown, by name. */
export const shown = shallowReactive(new Map<string, boolean>())

/** Start from the manifest, then from what the viewer chose before on this machine. */
export function restoreVisibility(manifest: Manifest): void {
  const chosen = readChosen()
  for (const { name, visible } of manifest.layers) shown.set(name, chosen[name] ?? visible)
}

export function setShown(name: string, on: boolean): void {
  shown.set(name, on)
  localStorage.setItem(STORED, JSON.stringify({ ...readChosen(), [name]: on }))
}

function readChosen(): Record<string, boolean> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORED) ?? '{}')
    return typeof stored === 'object' && stored !== null ? (stored as Record<string, boolean>) : {}
  } catch {
    return {}
  }
}
