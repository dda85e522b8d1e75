import type { Position } from 'geojson'
import {
  BY_PLACE, HOUSEHOLD_KINDS, NO_FILTERS, OLDEST, PLACES, SEXES, STATES, SUBJECTS, TAG_WAYS, TENURES,
  type Area, type Draft, type Filters, type Tags,
} from './draft'

/** What the address bar holds of a report. `page` is null as long as the table was not asked for. */
export interface Desk {
  readonly community: number | null
  readonly form: number | null
  readonly page: number | null
  /** What of it the address says; the rest is as usual. */
  readonly draft: Partial<Draft>
}

const LISTS = { sex: SEXES, states: STATES, tenures: TENURES, kinds: HOUSEHOLD_KINDS } as const
/** A decimetre. */
const DECIMALS = 6
const MOST_CORNERS = 499

/** `?community=1&of=person&area=grid:7&fields=a,b&any=1,2&sex=male&age=60-80&order=-age&form=3&page=2` */
export function formatDesk({ community, form, page }: Omit<Desk, 'draft'>, draft: Draft): string {
  const parts: [string, string | number | null][] = [
    ['community', community], ['of', draft.of], ['area', formatArea(draft.area)], ['fields', draft.fields.join(',')],
    ...TAG_WAYS.map((way) => [way, draft.tags[way].join(',')] as [string, string]),
    ...(Object.keys(LISTS) as (keyof typeof LISTS)[]).map((name) => [name, draft.filters[name].join(',')] as [string, string]),
    ['age', formatAges(draft.filters)], ['order', draft.order === BY_PLACE ? null : draft.order],
    ['form', form], ['page', page],
  ]
  return `?${parts.filter(([, value]) => value !== null && value !== '').map((pair) => pair.join('=')).join('&')}`
}

/** What does not parse is left out. */
export function parseDesk(query: string): Desk {
  const params = new URLSearchParams(query)
  const of = SUBJECTS.find((one) => one === params.get('of'))
  const fields = params.get('fields')?.split(',').filter((id) => /^\w{1,40}$/.test(id))
  const order = params.get('order')
  const area = parseArea(params.get('area'))
  return {
    community: parseId(params.get('community')), form: parseId(params.get('form')), page: parseId(params.get('page')),
    draft: {
      ...(of && { of }), ...(fields && fields.length > 0 && { fields }), ...(area && { area }),
      ...(order !== null && /^-?\w{1,40}$/.test(order) && { order }),
      tags: Object.fromEntries(TAG_WAYS.map((way) => [way, parseIds(params.get(way))])) as unknown as Tags,
      filters: parseFilters(params),
    },
  }
}

function formatArea(area: Area): string {
  if (area.kind === 'community') return ''
  if (area.kind !== 'polygon') return `${area.kind}:${area.id}`
  return `polygon:${area.corners.map(([lon, lat]) => `${lon!.toFixed(DECIMALS)},${lat!.toFixed(DECIMALS)}`).join(';')}`
}

function parseArea(text: string | null): Area | null {
  const [kind, rest = ''] = text?.split(':') ?? []
  const place = PLACES.find((one) => one === kind)
  const id = parseId(rest)
  if (place !== undefined) return id === null ? null : { kind: place, id }
  if (kind !== 'polygon') return null
  const corners: Position[] = rest.split(';').map((pair) => pair.split(',').map((part) => (part === '' ? Number.NaN : Number(part))))
  const right = corners.every(([lon, lat, ...more]) => more.length === 0 && Math.abs(lon!) <= 180 && Math.abs(lat!) <= 90)
  return right && corners.length >= 3 && corners.length <= MOST_CORNERS ? { kind, corners } : null
}

function formatAges({ age_from, age_to }: Filters): string {
  return age_from === null && age_to === null ? '' : `${age_from ?? ''}-${age_to ?? ''}`
}

function parseFilters(params: URLSearchParams): Filters {
  const lists = Object.entries(LISTS).map(([name, known]) => {
    const asked = params.get(name)?.split(',') ?? []
    return [name, known.filter((one) => asked.includes(one))]
  })
  const ages = /^(\d{0,3})-(\d{0,3})$/.exec(params.get('age') ?? '')
  const [age_from, age_to] = [parseAge(ages?.[1]), parseAge(ages?.[2])]
  return { ...NO_FILTERS, ...Object.fromEntries(lists), age_from, age_to }
}

function parseAge(text: string | undefined): number | null {
  return text === undefined || text === '' || Number(text) > OLDEST ? null : Number(text)
}

function parseId(text: string | null): number | null {
  const id = Number(text)
  return text !== null && Number.isSafeInteger(id) && id > 0 ? id : null
}

function parseIds(text: string | null): number[] {
  const ids = text?.split(',').map(parseId) ?? []
  return ids.filter((id) => id !== null)
}
