import { describe, expect, test } from 'vitest'
import type { FacadeMode } from '@/api/facades'
import { groupsOf, recentOf } from '@/panels/facades/groups'
import { legendRows, restCount } from '@/panels/facades/legendRows'

const mode = (name: string, en: string, group: string, ...keys: string[]): FacadeMode => ({
  name, about: name, title: { zh: name, en }, group: { zh: group, en: group }, find: '', rest: { zh: '其余', en: 'Rest' }, note: null,
  categories: keys.map((key) => ({ key, label: { zh: `类${key}`, en: key }, colour: '#4cc3ff', pattern: 'plain' })),
})
const USE = mode('户室用途', 'Use of homes', '户室', 'own', 'let')
const MODES = [mode('未结告警', 'Open alarms', '正在发生', '1'), USE, mode('设备在线', 'Devices', '设备', 'on')]
const zh = (words: { zh: string }): string => words.zh

describe('the modes to choose from', () => {
  test('stand under their headings in their order', () => {
    expect(groupsOf(MODES, '', zh).map(({ title, modes }) => [title, modes.length])).toEqual([['正在发生', 1], ['户室', 1], ['设备', 1]])
  })

  test.each([['用途', 1], ['USE OF', 1], ['类let', 1], ['设备', 1], [' ', 3], ['没有', 0]])('found by “%s” are %i', (query, count) => {
    expect(groupsOf(MODES, query, zh).flatMap(({ modes }) => modes)).toHaveLength(count)
  })
})

test('modes are found by how they are read, whole and in initials', () => {
  const read = [{ ...mode('独居老人', 'Elder alone', '服务'), find: 'dujulaoren djlr' }, mode('党员', 'Party member', '身份')]
  for (const query of ['duju', 'DJL', 'du ju']) expect(groupsOf(read, query, zh).flatMap(({ modes }) => modes)).toEqual([read[0]])
  expect(groupsOf(read, 'laoren', zh)).toEqual([])
})

test('what is called so comes before what only has such a category', () => {
  const all = mode('全部标签', 'All', '服务', 'x')
  const modes = [{ ...all, categories: [{ ...all.categories[0]!, label: { zh: '独居老人', en: 'Alone' } }] }, mode('独居老人', 'Alone', '服务')]
  expect(groupsOf(modes, '独居', zh).flatMap((group) => group.modes.map(({ title }) => title.zh))).toEqual(['独居老人', '全部标签'])
})

test('of those used last only what there still is is offered, the last first', () => {
  expect(recentOf(MODES, ['设备在线', 'gone', '未结告警']).map(({ name }) => name)).toEqual(['设备在线', '未结告警'])
})

describe('the legend', () => {
  const counts = { homes: 10, counts: { own: 5, let: 0 }, changes_at: null }

  test('has a line for each category, with its count and share', () => {
    expect(legendRows(USE, counts, null).map(({ count, share, quiet }) => [count, share, quiet])).toEqual([[5, 0.5, false], [0, 0, false]])
  })

  test('quiets all but the one that is shown alone', () => {
    expect(legendRows(USE, counts, 'let').map(({ quiet }) => quiet)).toEqual([true, false])
  })

  test('says what is left, and nothing before it is known', () => {
    expect(restCount(counts)).toBe(5)
    expect(restCount(null)).toBeNull()
    expect(legendRows(USE, null, null).map(({ count }) => count)).toEqual([null, null])
  })

  test('of a viewer without homes divides by nothing', () => {
    expect(legendRows(USE, { homes: 0, counts: {}, changes_at: null }, null).map(({ share }) => share)).toEqual([0, 0])
  })
})
