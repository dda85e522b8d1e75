import { getJson } from './client'
import type { Words } from './manifest'

/** What is drawn over a colour; the order is that of the bits in the window shader. */
export const PATTERNS = ['plain', 'stripes', 'stripes_back', 'bars', 'dots', 'cross', 'rings', 'checks'] as const
export type Pattern = (typeof PATTERNS)[number]

export interface FacadeCategory {
  readonly key: string
  readonly label: Words
  readonly colour: string
  readonly pattern: Pattern
}

/** One fact by which every window can be coloured. */
export interface FacadeMode {
  readonly name: string
  readonly title: Words
  readonly group: Words
  /** How the Chinese title is read, whole and in initials, with spaces between. */
  readonly find: string
  /** What its live news are about. */
  readonly about: string
  /** What a home without a category is. */
  readonly rest: Words
  /** What one has to know to read it. */
  readonly note: Words | null
  readonly categories: readonly FacadeCategory[]
}

/** How many of the homes that the viewer is granted have each category. */
export interface FacadeCounts {
  readonly homes: number
  readonly counts: Readonly<Record<string, number>>
  /** When the first of them runs out by itself, which nobody tells; null: none does. */
  readonly changes_at: string | null
}

/** Dwelling ids by category. */
export type ColouredHomes = Readonly<Record<string, readonly number[]>>
export type HomesAsked = { readonly tiles: readonly string[] } | { readonly dwellings: readonly number[] }

export async function fetchFacades(communityId: number): Promise<readonly FacadeMode[]> {
  return (await getJson<{ facades: FacadeMode[] }>(`/layers/${communityId}/facades/`)).facades
}

export function fetchFacadeCounts(communityId: number, name: string, signal: AbortSignal): Promise<FacadeCounts> {
  return getJson<FacadeCounts>(`/layers/${communityId}/facades/${name}/`, signal)
}

/** Tiles are "x/y" at the zoom of the wall panels. */
export async function fetchFacadeHomes(
  communityId: number, name: string, asked: HomesAsked, signal: AbortSignal,
): Promise<ColouredHomes> {
  const query = 'tiles' in asked ? `tiles=${asked.tiles.join(',')}` : `dwellings=${asked.dwellings.join(',')}`
  return (await getJson<{ homes: ColouredHomes }>(`/layers/${communityId}/facades/${name}/homes/?${query}`, signal)).homes
}
