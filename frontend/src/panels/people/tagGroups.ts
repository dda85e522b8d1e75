import type { Tag, TagClass } from '@/api/types'
import type { Words } from '@/api/manifest'
import { isMeant } from '../base/finding'

export interface TagGroup {
  readonly id: number
  readonly title: string
  readonly tags: readonly Tag[]
}

/**
 * Tags below their classes, in the order of the tree; a title tells the way down to the class. With a query those that have
 * it in their name, code or class, in either language, and those whose name is read like that.
 */
export function tagGroups(
  tags: readonly Tag[], classes: readonly TagClass[], query: string, said: (words: Words) => string,
): TagGroup[] {
  const ways = waysOf(classes)
  const groups: TagGroup[] = []
  for (const [id, way] of ways) {
    const title = way.map((step) => said(step.name)).join(' / ')
    const named = isMeant(query, way.flatMap((step) => [step.name.zh, step.name.en]))
    const here = tags.filter((tag) => tag.tag_class === id)
    const found = named ? here : here.filter((tag) => isMeant(query, [tag.name.zh, tag.name.en, tag.code], tag.find))
    if (found.length > 0) groups.push({ id, title, tags: [...found].sort(byPosition) })
  }
  return groups
}

/** By id of the class all classes from the top down to it, parents before their children. */
function waysOf(classes: readonly TagClass[]): Map<number, readonly TagClass[]> {
  const ways = new Map<number, readonly TagClass[]>()
  const below = (parent: number | null, way: readonly TagClass[]): void => {
    for (const one of classes.filter((candidate) => (candidate.parent ?? null) === parent).sort(byPosition)) {
      if (ways.has(one.id)) continue
      ways.set(one.id, [...way, one])
      below(one.id, [...way, one])
    }
  }
  below(null, [])
  return ways
}

function byPosition(a: { position?: number; id: number }, b: { position?: number; id: number }): number {
  return (a.position ?? 0) - (b.position ?? 0) || a.id - b.id
}
