import type { SearchHit } from '@/api/types'
import type { Flight } from '@/state/camera'
import type { IconName } from '../base/icons'

/** What can be chosen in the list: a result, or the question for phones, which is asked only on demand because it is noted. */
export type Choice =
  | { readonly what: 'hit'; readonly key: string; readonly hit: SearchHit; readonly heading: SearchHit['kind'] | null }
  | { readonly what: 'digits'; readonly key: string; readonly digits: string }

export const ICON_OF: Record<SearchHit['kind'], IconName> = {
  dwelling: 'home2', person: 'user', building: 'building', compound: 'area', street: 'road', grid: 'layers', tag: 'palette',
}
/** How close to look at what was found. */
const ZOOM_OF: Record<SearchHit['kind'], number> = {
  dwelling: 18.6, person: 18.6, building: 17.8, compound: 16.6, street: 16.4, grid: 16.3, tag: 16.3,
}

/** The results with a heading above the first of each kind, and last the question for phones if `digits` could be their end. */
export function choicesOf(hits: readonly SearchHit[], digits: string | null): Choice[] {
  const shown = hits.map((hit, index): Choice => ({
    what: 'hit',
    key: `${hit.kind}-${hit.id}-${hit.dwelling ?? ''}`,
    hit,
    heading: hits[index - 1]?.kind === hit.kind ? null : hit.kind,
  }))
  return digits === null ? shown : [...shown, { what: 'digits', key: 'digits', digits }]
}

/** The last four digits of a phone if that is what was typed, also in full width. */
export function lastDigits(text: string): string | null {
  const plain = text.normalize('NFKC').trim()
  return /^[0-9]{4}$/.test(plain) ? plain : null
}

/** Where to look from to see it; null for what lies nowhere. */
export function viewOf(hit: SearchHit): Flight | null {
  const [lon, lat] = hit.center ?? []
  if (lon === undefined || lat === undefined) return null
  const atWindow = hit.kind === 'dwelling' || hit.kind === 'person'
  return { lon, lat, heightM: atWindow ? hit.height_m : 0, zoom: ZOOM_OF[hit.kind], pitch: hit.kind === 'grid' ? 50 : 60 }
}

/** The name of the facade mode that colours the windows by a tag. */
export function facadeOfTag(id: number): string {
  return `tag-${id}`
}

/** Whether the windows cannot be coloured by what was chosen; `modes` null: not known yet, then it begins when they are. */
export function isWithoutFacade(hit: SearchHit, modes: readonly { readonly name: string }[] | null): boolean {
  return hit.kind === 'tag' && modes !== null && !modes.some(({ name }) => name === facadeOfTag(hit.id))
}
