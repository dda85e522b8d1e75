import { describe, expect, test } from 'vitest'
import { formatDesk, parseDesk } from '@/pages/desk/address'
import { NO_FILTERS, NO_TAGS, type Draft } from '@/pages/desk/draft'

const DRAFT: Draft = {
  of: 'household', area: { kind: 'polygon', corners: [[113.941234, 22.531234], [113.95, 22.53], [113.945, 22.54]] },
  fields: ['grid', 'head'], tags: { any: [3, 4], all: [], none: [9] },
  filters: { sex: ['female'], age_from: 80, age_to: null, states: ['together', 'lives_here'], tenures: ['rent'], kinds: ['sharers'] },
  order: '-points',
}
const AT = { community: 2, form: 5, page: 3 }

describe('the address of the desk', () => {
  test('brings back the report that it was made of', () => {
    expect(parseDesk(formatDesk(AT, DRAFT))).toEqual({ ...AT, draft: DRAFT })
  })

  test('brings back a place', () => {
    const draft = { ...DRAFT, area: { kind: 'grid', id: 7 } as const }
    expect(parseDesk(formatDesk(AT, draft)).draft.area).toEqual({ kind: 'grid', id: 7 })
  })

  test('of nothing says nothing', () => {
    expect(parseDesk('')).toEqual({ community: null, form: null, page: null, draft: { tags: NO_TAGS, filters: NO_FILTERS } })
  })

  test.each([
    'area=grid:x', 'area=room:1', 'area=polygon:1,2;3,4', 'area=polygon:1,2;3,4;5', 'area=polygon:1,2;3,4;200,2', 'area=polygon:1,2;3,4;,',
  ])('leaves out ?%s', (query) => {
    expect(parseDesk(`?${query}`).draft.area).toBeUndefined()
  })

  test('leaves out what is no choice, no age and no id', () => {
    const { draft } = parseDesk('?of=dog&sex=female,<b>&age=-999&any=1,x,-3&fields=<script>&order=a b')
    expect(draft).toEqual({ tags: { any: [1], all: [], none: [] }, filters: { ...NO_FILTERS, sex: ['female'] } })
  })
})
