import { expect, test } from 'vitest'
import { newClientId } from '@/api/clientId'
import type { PointsRule } from '@/api/types'
import { digitsOf, grouped, isWhole, linkIn } from '@/pages/resident/code'
import { byClass, worth } from '@/pages/resident/rules'
import { isOpen, toggled } from '@/pages/resident/votes'

test('a code is its digits, however it is typed', () => {
  expect(digitsOf('1234-5678 9012')).toBe('123456789012')
  expect(digitsOf('１２３４ 5678')).toBe('12345678')
  expect(digitsOf('1234567890123')).toBe('123456789012')
  expect(grouped('123456789')).toBe('1234 5678 9')
  expect(grouped('')).toBe('')
  expect([isWhole('12345678901'), isWhole('123456789012')]).toEqual([false, true])
})

test('a link is what a scanned invitation brings, and nothing else', () => {
  const link = 'AbCd-EfGh_IjKlMnOpQrStUvWxYz0123'
  expect(linkIn(`#${link}`)).toBe(link)
  expect(['', '#', link, `#${link}x`, `#${link.slice(1)}`, '#sel=dwelling:7'].map(linkIn)).toEqual(Array(6).fill(null))
})

const rule = (id: number, kind: string, most: number | null): PointsRule => ({
  id, community: 1, code: `r${id}`, ended_at: null,
  now: most === null ? null : {
    id, number: 1, valid_from: '', name: { zh: '', en: '' }, rule_class: { id: 1, code: kind, name: { zh: kind, en: kind } },
    description: '', least: most, most, needs_audit: true, needs_photo: false, cap_times: null, cap_points: null, cap_period: '',
  },
} as PointsRule)

test('a household claims what gives points, class by class; breaches and what has ended are not offered', () => {
  const classes = byClass([rule(5, 'elders', null), rule(4, 'safety', 1), rule(3, 'elders', 2), rule(2, 'fire', -5), rule(1, 'safety', 5)])
  expect(classes.map(({ code, rules }) => [code, rules.map(({ id }) => id)])).toEqual([['safety', [1, 4]], ['elders', [3]]])
})

test('what is left to an auditor is told as a range', () => {
  expect([worth({ least: 5, most: 5 }), worth({ least: 3, most: 15 })]).toEqual(['+5', '+3 – 15'])
})

test('each thing that is sent has a name of its own, in the form that the server checks', () => {
  const names = Array.from({ length: 50 }, newClientId)
  expect(new Set(names).size).toBe(50)
  for (const name of names) expect(name).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

test('a ballot is taken from its opening until before its end, and not once it is counted', () => {
  const vote = { opens_at: '2026-05-01T00:00:00Z', closes_at: '2026-05-08T00:00:00Z', closed_at: null }
  const at = (moment: string, closed: string | null = null): boolean => isOpen({ ...vote, closed_at: closed }, Date.parse(moment))
  expect([at('2026-04-30T23:59:59Z'), at('2026-05-01T00:00:00Z'), at('2026-05-07T23:59:59Z'), at('2026-05-08T00:00:00Z')]).toEqual([false, true, true, false])
  expect(at('2026-05-02T00:00:00Z', '2026-05-02T00:00:00Z')).toBe(false)
})

test('a family is chosen, and chosen no longer', () => {
  expect(toggled(toggled(toggled([], 3), 5), 3)).toEqual([5])
})
