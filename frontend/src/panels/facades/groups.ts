import type { FacadeMode } from '@/api/facades'
import type { Words } from '@/api/manifest'
import { isMeant } from '../base/finding'

export interface ModeGroup {
  readonly title: string
  readonly modes: readonly FacadeMode[]
}

/**
 * Modes under their headings, in the order in which they come. With a query those that have it in their name or heading, in
 * either language, or whose name is read like that; after them those that have it in the name of a category.
 */
export function groupsOf(modes: readonly FacadeMode[], query: string, said: (words: Words) => string): ModeGroup[] {
  const named = modes.filter(({ title, group, find }) => isMeant(query, both([title, group]), find))
  const others = modes.filter((mode) => !named.includes(mode) && isMeant(query, both(mode.categories.map(({ label }) => label))))
  const groups = new Map<string, FacadeMode[]>()
  for (const mode of [...named, ...others]) {
    const title = said(mode.group)
    groups.set(title, [...(groups.get(title) ?? []), mode])
  }
  return [...groups].map(([title, found]) => ({ title, modes: found }))
}

const both = (words: readonly Words[]): string[] => words.flatMap(({ zh, en }) => [zh, en])

/** Those of these names that there are, in this order. */
export function recentOf(modes: readonly FacadeMode[], names: readonly string[]): FacadeMode[] {
  return names.flatMap((name) => modes.find((mode) => mode.name === name) ?? [])
}
