/** A report as it is being ticked together: plain values, so that it can be kept in the address bar and in a saved form. */
import type { Position } from 'geojson'
import type { ReportArea, ReportField, ReportQuestion } from '@/api/types'

export const SUBJECTS = ['household', 'person'] as const
export type Subject = (typeof SUBJECTS)[number]
export const PLACES = ['grid', 'compound', 'building'] as const
export type PlaceKind = (typeof PLACES)[number]
/** `corners`: the outline without its first corner again, EPSG:4326, longitude first. */
export type Area =
  | { readonly kind: 'community' }
  | { readonly kind: PlaceKind; readonly id: number }
  | { readonly kind: 'polygon'; readonly corners: readonly Position[] }

export const TAG_WAYS = ['any', 'all', 'none'] as const
/** How a tag is asked for: the row has one of these, all of these, none of these. */
export type TagWay = (typeof TAG_WAYS)[number]
export type Tags = Readonly<Record<TagWay, readonly number[]>>

export const SEXES = ['male', 'female', 'unknown'] as const
export const STATES = ['together', 'lives_here', 'registered_here'] as const
export const TENURES = ['own', 'rent', 'lent', 'registered_only', 'unknown'] as const
export const HOUSEHOLD_KINDS = ['family', 'sharers', 'collective', 'other'] as const
export interface Filters {
  readonly sex: readonly (typeof SEXES)[number][]
  readonly age_from: number | null
  readonly age_to: number | null
  readonly states: readonly (typeof STATES)[number][]
  readonly tenures: readonly (typeof TENURES)[number][]
  readonly kinds: readonly (typeof HOUSEHOLD_KINDS)[number][]
}

export interface Draft {
  readonly of: Subject
  readonly area: Area
  /** Ids, in the order of the columns. */
  readonly fields: readonly string[]
  readonly tags: Tags
  readonly filters: Filters
  /** `place` or a field's id; `-` before it turns it round. */
  readonly order: string
}

export const BY_PLACE = 'place'
export const OLDEST = 150
export const NO_TAGS: Tags = { any: [], all: [], none: [] }
export const NO_FILTERS: Filters = { sex: [], age_from: null, age_to: null, states: [], tenures: [], kinds: [] }
/** What is ticked to begin with, as far as the viewer may. */
const USUAL: Readonly<Record<Subject, readonly string[]>> = {
  household: ['grid', 'address', 'head', 'residence_kind', 'actual', 'household_tags', 'member_tags'],
  person: ['grid', 'address', 'name', 'sex', 'age', 'phone', 'tenure', 'tags'],
}

export function offeredTo(of: Subject, fields: readonly ReportField[]): ReportField[] {
  return fields.filter((field) => field.of === of)
}

export function usualFields(of: Subject, fields: readonly ReportField[]): string[] {
  return offeredTo(of, fields).map(({ id }) => id).filter((id) => USUAL[of].includes(id))
}

export function newDraft(of: Subject, fields: readonly ReportField[]): Draft {
  return { of, area: { kind: 'community' }, fields: usualFields(of, fields), tags: NO_TAGS, filters: NO_FILTERS, order: BY_PLACE }
}

/** The same of the other kind of rows: area, tags and filters stay; of the fields those that it has too. */
export function turnedTo(of: Subject, draft: Draft, fields: readonly ReportField[]): Draft {
  const known = new Set(offeredTo(of, fields).map(({ id }) => id))
  const kept = draft.fields.filter((id) => known.has(id))
  const usual = usualFields(of, fields)
  const together = offeredTo(of, fields).map(({ id }) => id).filter((id) => kept.includes(id) || usual.includes(id))
  return { ...draft, of, fields: together, order: known.has(draft.order.replace(/^-/, '')) ? draft.order : BY_PLACE }
}

/** Tick or untick. What is new stands before the first chosen one that is offered after it: the others keep their order. */
export function ticked(chosen: readonly string[], offered: readonly string[], id: string, on: boolean): string[] {
  const others = chosen.filter((one) => one !== id)
  if (!on) return others
  const later = new Set(offered.slice(offered.indexOf(id) + 1))
  const before = others.findIndex((one) => later.has(one))
  return before < 0 ? [...others, id] : others.toSpliced(before, 0, id)
}

export function wayOf(tags: Tags, id: number): TagWay | null {
  return TAG_WAYS.find((way) => tags[way].includes(id)) ?? null
}

/** Ask for a tag in one way, or no longer. */
export function withTag(tags: Tags, id: number, way: TagWay | null): Tags {
  const entries = TAG_WAYS.map((one) => {
    const others = tags[one].filter((known) => known !== id)
    return [one, one === way ? [...others, id] : others]
  })
  return Object.fromEntries(entries) as unknown as Tags
}

export function areaAsked(area: Area): ReportArea {
  if (area.kind === 'community') return { kind: 'community' }
  if (area.kind !== 'polygon') return { kind: area.kind, id: area.id }
  const ring = [...area.corners, area.corners[0]!].map((corner) => [...corner])
  return { kind: 'polygon', geometry: { type: 'Polygon', coordinates: [ring] } }
}

function areaOf({ kind, id, geometry }: ReportArea): Area {
  if (kind === 'polygon') return { kind, corners: geometry?.coordinates[0]?.slice(0, -1) ?? [] }
  return kind === 'community' || id === null || id === undefined ? { kind: 'community' } : { kind, id }
}

export function questionOf({ of, area, fields, tags, filters, order }: Draft): ReportQuestion {
  const { sex, age_from, age_to, states, tenures, kinds } = filters
  return {
    of, area: areaAsked(area), fields: [...fields], order,
    tags: { any: [...tags.any], all: [...tags.all], none: [...tags.none] },
    filters: { sex: [...sex], age_from, age_to, states: [...states], tenures: [...tenures], kinds: [...kinds] },
  }
}

/** A saved report as a draft; what it does not say is as usual. */
export function draftOf({ of, area, fields, tags, filters, order }: ReportQuestion): Draft {
  return {
    of, fields, area: areaOf(area), order: order ?? BY_PLACE,
    tags: { ...NO_TAGS, ...tags },
    filters: { ...NO_FILTERS, ...(filters as Partial<Filters> | undefined) },
  }
}

export function isSame(one: Draft, other: Draft): boolean {
  return JSON.stringify(questionOf(one)) === JSON.stringify(questionOf(other))
}

/** How many conditions narrow the rows, area and tags aside. */
export function filterCount({ sex, age_from, age_to, states, tenures, kinds }: Filters): number {
  const lists = [sex, states, tenures, kinds].filter((list) => list.length > 0).length
  return lists + (age_from !== null || age_to !== null ? 1 : 0)
}
