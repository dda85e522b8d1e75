import { expect, test } from 'vitest'
import type { Tag, TagClass } from '@/api/types'
import { tagGroups } from '@/panels/people/tagGroups'

const zh = (words: { zh: string }): string => words.zh
const aClass = (id: number, name: string, parent: number | null = null, position = 0): TagClass =>
  ({ id, community: 1, parent, code: `c${id}`, name: { zh: name, en: `class ${id}` }, colour: '#8aa4c8', position }) as TagClass
const aTag = (id: number, tagClass: number, name: string, position = 0): Tag =>
  ({ id, community: 1, tag_class: tagClass, code: `t${id}`, name: { zh: name, en: `tag ${id}` }, level: 1, applies_to: 'person', position }) as Tag
const CLASSES = [aClass(3, '养老', 1), aClass(2, '身份', null, 2), aClass(1, '服务', null, 1)]
const TAGS = [aTag(11, 2, '党员'), aTag(12, 3, '独居老人', 2), aTag(13, 3, '高龄', 1), aTag(14, 1, '就业援助')]
const shown = (query: string): [string, string[]][] =>
  tagGroups(TAGS, CLASSES, query, zh).map(({ title, tags }) => [title, tags.map(({ name }) => name.zh)])

test('tags stand below their classes in the order of the tree', () => {
  expect(shown('')).toEqual([['服务', ['就业援助']], ['服务 / 养老', ['高龄', '独居老人']], ['身份', ['党员']]])
})

test('a word finds tags by name, code and other language', () => {
  expect(shown('独居')).toEqual([['服务 / 养老', ['独居老人']]])
  expect(shown('T11')).toEqual([['身份', ['党员']]])
  expect(shown('tag 14')).toEqual([['服务', ['就业援助']]])
})

test('initials find a tag', () => {
  const read = TAGS.map((tag) => (tag.id === 12 ? { ...tag, find: 'dujulaoren djlr' } : { ...tag, find: '' }))
  expect(tagGroups(read, CLASSES, 'djl', zh).map(({ tags }) => tags.map(({ id }) => id))).toEqual([[12]])
})

test('the name of a class finds all of its tags, also further down', () => {
  expect(shown('服务')).toEqual([['服务', ['就业援助']], ['服务 / 养老', ['高龄', '独居老人']]])
})

test('classes that lie in a ring end the search, not the page', () => {
  expect(tagGroups(TAGS, [aClass(1, '甲', 2), aClass(2, '乙', 1)], '', zh)).toEqual([])
})
