import { describe, expect, test } from 'vitest'
import type { ReportField } from '@/api/types'
import {
  areaAsked, draftOf, filterCount, isSame, newDraft, NO_FILTERS, NO_TAGS, questionOf, ticked, turnedTo, wayOf, withTag, type Draft,
} from '@/pages/desk/draft'

const field = (of: ReportField['of'], id: string): ReportField => ({
  id, of, group: 'place', name: { zh: id, en: id }, kind: 'text', masked: false, sortable: true,
})
const FIELDS = [
  ...['grid', 'address', 'head', 'actual', 'points'].map((id) => field('household', id)),
  ...['name', 'age', 'phone', 'grid', 'address'].map((id) => field('person', id)),
]

describe('a new report', () => {
  test('ticks what is usual, in the order in which it is offered', () => {
    expect(newDraft('person', FIELDS).fields).toEqual(['name', 'age', 'phone', 'grid', 'address'])
  })

  test('ticks nothing that the viewer is not offered', () => {
    expect(newDraft('person', FIELDS.filter(({ id }) => id !== 'age')).fields).not.toContain('age')
  })
})

test('turned to households it keeps what they have too, and drops an order that they do not know', () => {
  const people = { ...newDraft('person', FIELDS), fields: ['name', 'grid'], order: '-age' }
  expect(turnedTo('household', people, FIELDS)).toMatchObject({ of: 'household', fields: ['grid', 'address', 'head', 'actual'], order: 'place' })
  expect(turnedTo('household', { ...people, order: '-grid' }, FIELDS).order).toBe('-grid')
})

describe('ticking a field', () => {
  const offered = ['a', 'b', 'c', 'd']

  test('puts it before the first chosen one that is offered later', () => {
    expect(ticked(['a', 'd'], offered, 'c', true)).toEqual(['a', 'c', 'd'])
    expect(ticked(['d', 'a'], offered, 'b', true)).toEqual(['b', 'd', 'a'])
  })

  test('leaves the others in the order in which they were', () => {
    expect(ticked(['d', 'c', 'a'], offered, 'c', false)).toEqual(['d', 'a'])
    expect(ticked(['c', 'b'], offered, 'd', true)).toEqual(['c', 'b', 'd'])
  })
})

test('a tag is asked for in one way only', () => {
  const any = withTag(NO_TAGS, 7, 'any')
  const none = withTag(any, 7, 'none')
  expect([wayOf(NO_TAGS, 7), wayOf(any, 7), wayOf(none, 7)]).toEqual([null, 'any', 'none'])
  expect(none).toEqual({ any: [], all: [], none: [7] })
  expect(withTag(none, 7, null)).toEqual(NO_TAGS)
})

test('an outline is sent as a closed ring', () => {
  const corners = [[1, 2], [3, 4], [5, 6]]
  expect(areaAsked({ kind: 'polygon', corners })).toEqual({
    kind: 'polygon', geometry: { type: 'Polygon', coordinates: [[[1, 2], [3, 4], [5, 6], [1, 2]]] },
  })
})

test('what is saved is opened as it was', () => {
  const draft: Draft = {
    ...newDraft('person', FIELDS), area: { kind: 'polygon', corners: [[1, 2], [3, 4], [5, 6]] },
    tags: { any: [1], all: [2], none: [3] }, filters: { ...NO_FILTERS, age_from: 80, sex: ['female'] }, order: '-age',
  }
  expect(draftOf(questionOf(draft))).toEqual(draft)
  expect(isSame(draft, draftOf(questionOf(draft)))).toBe(true)
  expect(isSame(draft, { ...draft, order: 'age' })).toBe(false)
})

test('a saved report that says little is as usual in the rest', () => {
  expect(draftOf({ of: 'household', area: { kind: 'grid', id: 7 }, fields: ['grid'] })).toEqual({
    of: 'household', area: { kind: 'grid', id: 7 }, fields: ['grid'], tags: NO_TAGS, filters: NO_FILTERS, order: 'place',
  })
})

test('ages from and to are one condition', () => {
  expect(filterCount(NO_FILTERS)).toBe(0)
  expect(filterCount({ ...NO_FILTERS, age_from: 60, age_to: 79, sex: ['male', 'female'] })).toBe(2)
})
