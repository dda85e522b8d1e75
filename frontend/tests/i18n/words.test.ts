import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { en } from '@/i18n/en'
import { zh } from '@/i18n/zh'

const SOURCES = join(import.meta.dirname, '../../src')
const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(ts|vue)$/.test(path) && !/i18n\/(zh|en)\.ts$/.test(path))
  .map((path) => ({ path, source: readFileSync(join(SOURCES, path), 'utf8') }))
const text = files.map(({ source }) => source).join('\n')
/** Keys that are put together: `severity.${...}` uses all that begin so. */
const families = [...text.matchAll(/`([a-zA-Z]+(?:\.[a-zA-Z]+)*\.)\$\{/g)].map(([, start]) => start!)
const placeholders = (words: string): string[] => [...words.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).sort()

describe('the words', () => {
  test('are the same list in both languages', () => {
    expect(Object.keys(en)).toEqual(Object.keys(zh))
  })

  test.each(Object.entries(zh))('%s has the same placeholders in both languages and is not empty', (key, words) => {
    const other = en[key as keyof typeof zh]
    expect(words.trim()).not.toBe('')
    expect(other.trim()).not.toBe('')
    expect(placeholders(other)).toEqual(placeholders(words))
  })

  test('are all used', () => {
    const unused = Object.keys(zh).filter(
      (key) => !text.includes(`'${key}'`) && !families.some((family) => key.startsWith(family)),
    )
    expect(unused).toEqual([])
  })

  test('are in their own language', () => {
    const foreign = Object.entries(en).filter(([key, words]) => /[\u4e00-\u9fff]/.test(words) && key !== 'language.switch' && key !== 'search.nothingHint')
    expect(foreign).toEqual([])
  })
})

test('no words stand outside the lists: templates hold no Chinese', () => {
  const spoken = files.flatMap(({ path, source }) => {
    const template = /<template>[\s\S]*<\/template>/.exec(source)?.[0] ?? ''
    const words = template.match(/[\u4e00-\u9fff]+/g) ?? []
    return words.filter((word) => word !== '中').map((word) => `${path}: ${word}`)
  })
  expect(spoken).toEqual([])
})
