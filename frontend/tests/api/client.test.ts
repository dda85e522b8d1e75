import { expect, test } from 'vitest'
import { nameOfFile } from '@/api/client'

test.each([
  ['attachment; filename="report-20260301.csv"', 'report-20260301.csv'],
  ["attachment; filename*=utf-8''%E8%8A%B1%E5%90%8D%E5%86%8C.xlsx", '花名册.xlsx'],
  [`attachment; filename="list.xlsx"; filename*=UTF-8''%E8%8A%B1.xlsx`, '花.xlsx'],
  ['inline', null],
  [null, null],
])('a file sent with %s is called %s', (header, name) => {
  expect(nameOfFile(header)).toBe(name)
})
