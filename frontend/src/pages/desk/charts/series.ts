/** What the charts of a report show, as plain rows: the same ones stand in the tables beside them. */
import type { Pattern } from '@/api/facades'
import type { ReportCharts } from '@/api/types'
import { TENURES } from '../draft'

export type Tenure = (typeof TENURES)[number]

export interface AgeRow {
  /** "0–4", "100+"; null for people of unknown birth. */
  readonly ages: string | null
  readonly male: number
  readonly female: number
  readonly unknown: number
}

/** The youngest first. Steps at the old end that are empty are left out. */
export function ageRows(pyramid: ReportCharts['pyramid']): AgeRow[] {
  const rows = pyramid.map(({ from, to, male, female, unknown }) => ({
    ages: from === null ? null : to === null ? `${from}+` : `${from}–${to}`, male, female, unknown,
  }))
  const known = rows.filter(({ ages }) => ages !== null)
  const last = known.findLastIndex((row) => peopleIn(row) > 0)
  return [...known.slice(0, last + 1), ...rows.filter((row) => row.ages === null && peopleIn(row) > 0)]
}

export function peopleIn({ male, female, unknown }: AgeRow): number {
  return male + female + unknown
}

export interface GridRow {
  readonly grid: number
  readonly name: { zh: string; en: string }
  readonly counts: Readonly<Record<Tenure, number>>
  readonly total: number
}

export function gridRows(kinds: ReportCharts['kinds_per_grid']): GridRow[] {
  return kinds.map(({ grid, name, counts }) => {
    const all = Object.fromEntries(TENURES.map((tenure) => [tenure, counts[tenure] ?? 0])) as Record<Tenure, number>
    return { grid, name, counts: all, total: Object.values(all).reduce((sum, count) => sum + count, 0) }
  })
}

/** Colour and pattern together, so that neither is the only sign. */
export const TENURE_LOOK: Readonly<Record<Tenure, { readonly colour: string; readonly pattern: Pattern }>> = {
  own: { colour: '#4db3ff', pattern: 'plain' },
  rent: { colour: '#ffb454', pattern: 'stripes' },
  lent: { colour: '#b48cff', pattern: 'dots' },
  registered_only: { colour: '#5fe0a8', pattern: 'bars' },
  unknown: { colour: '#8ea3bd', pattern: 'stripes_back' },
}

export const SEX_LOOK = {
  male: { colour: '#4db3ff', pattern: 'plain' },
  female: { colour: '#ff8fb8', pattern: 'stripes' },
  unknown: { colour: '#8ea3bd', pattern: 'dots' },
} as const satisfies Record<string, { colour: string; pattern: Pattern }>

/** A pattern of the twin as the chart library draws it over a bar. */
export function decalOf(pattern: Pattern): object | null {
  const ink = { color: 'rgba(6,16,31,0.62)' }
  switch (pattern) {
    case 'stripes':
      return { ...ink, symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4 }
    case 'stripes_back':
      return { ...ink, symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: Math.PI / 4 }
    case 'bars':
      return { ...ink, symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: 0 }
    case 'dots':
      return { ...ink, symbol: 'circle', symbolSize: 0.8, dashArrayX: [[5, 5], [0, 5, 5, 0]], dashArrayY: [5, 0] }
    default:
      return null
  }
}
