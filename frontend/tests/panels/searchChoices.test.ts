import { describe, expect, test } from 'vitest'
import type { SearchHit } from '@/api/types'
import { choicesOf, isWithoutFacade, lastDigits, viewOf } from '@/panels/top/searchChoices'

const hit = (kind: SearchHit['kind'], id: number, said: Partial<SearchHit> = {}): SearchHit => ({
  kind, id, title: `${kind}${id}`, subtitle: '', dwelling: null, center: [122.6, 31.05], height_m: 12, room_missing: '', ...said,
})

describe('what the search box offers', () => {
  test('has a heading above the first of each kind alone', () => {
    const choices = choicesOf([hit('dwelling', 1), hit('person', 2), hit('person', 3), hit('tag', 4)], null)
    expect(choices.map((choice) => (choice.what === 'hit' ? choice.heading : ''))).toEqual(['dwelling', 'person', null, 'tag'])
  })

  test('tells two homes of one person apart', () => {
    const choices = choicesOf([hit('person', 2, { dwelling: 7 }), hit('person', 2, { dwelling: 8 })], null)
    expect(new Set(choices.map(({ key }) => key)).size).toBe(2)
  })

  test('ends with the question for phones, also where nothing else was found', () => {
    expect(choicesOf([hit('dwelling', 1)], '1203').map(({ what }) => what)).toEqual(['hit', 'digits'])
    expect(choicesOf([], '1203')).toEqual([{ what: 'digits', key: 'digits', digits: '1203' }])
  })
})

describe('four figures', () => {
  test.each(['1203', ' 1203 ', '１２０３'])('“%s” may be the end of a phone', (text) => expect(lastDigits(text)).toBe('1203'))
  test.each(['', '123', '12345', '1-203', '12a3', '٠١٢٣'])('“%s” is none', (text) => expect(lastDigits(text)).toBeNull())
})

describe('where a result is looked at', () => {
  test('of a person and a home at the height of the windows', () => {
    expect(viewOf(hit('person', 2))).toMatchObject({ lon: 122.6, lat: 31.05, heightM: 12 })
    expect(viewOf(hit('building', 2))).toMatchObject({ heightM: 0 })
  })

  test('of a tag nowhere', () => expect(viewOf(hit('tag', 4, { center: null }))).toBeNull())
})

describe('a tag that is chosen', () => {
  const modes = [{ name: 'tag-4' }, { name: 'use' }]
  test('colours the windows if there is such a mode', () => expect(isWithoutFacade(hit('tag', 4), modes)).toBe(false))
  test('says that it cannot if there is none', () => expect(isWithoutFacade(hit('tag', 5), modes)).toBe(true))
  test('waits until the modes are known', () => expect(isWithoutFacade(hit('tag', 5), null)).toBe(false))
  test('is not mistaken for a home of the same number', () => expect(isWithoutFacade(hit('dwelling', 5), modes)).toBe(false))
})
