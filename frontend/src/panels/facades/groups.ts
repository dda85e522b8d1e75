import type { FacadeMode } from '@/api/facades'
import type { Words } from '@/api/manifest'

export interface ModeGroup {
  readonly title: string
  readonly modes: readonly FacadeMode[]
}

/**
 * Modes under their headings, in the order in which they come. With a query those that have it in their name, in their
 * heading or in the name of a category, in either language.
 */
export function groupsOf(modes: readonly FacadeMode[], query: string, said: (words: Words) => string): ModeGroup[] {
  const wanted = query.trim().toLowerCase()
  const groups = new Map<string, FacadeMode[]>()
  for (const mode of modes) {
    const names = [mode.title, mode.group, ...mode.categories.map(({ label }) => label)]
    if (!names.some(({ zh, en }) => `${zh} ${en}`.toLowerCase().includes(wanted))) continue
    const title = said(mode.group)
    groups.set(title, [...(groups.get(title) ?? []), mode])
  }
  return [...groups].map(([title, found]) => ({ title, modes: found }))
}
