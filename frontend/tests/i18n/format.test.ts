import { describe, expect, test } from 'vitest'
import { dayOf, endOfDay, formatClock, formatMoment, hourOf, startOfDay, formatChange } from '@/i18n/format'

const NOON = Date.parse('2026-03-01T04:00:30Z')

describe('times in the community\'s zone', () => {
  test('are those of its clocks', () => {
    expect(formatClock(NOON, 'Asia/Shanghai')).toBe('12:00:30')
    expect(hourOf(NOON, 'Asia/Shanghai')).toBe(12)
    expect(dayOf(Date.parse('2026-03-01T17:00:00Z'), 'Asia/Shanghai')).toBe('2026-03-02')
  })

  test('begin their day at its midnight', () => {
    expect(new Date(startOfDay(NOON, 'Asia/Shanghai')).toISOString()).toBe('2026-02-28T16:00:00.000Z')
    expect(new Date(startOfDay(NOON, 'UTC')).toISOString()).toBe('2026-03-01T00:00:00.000Z')
  })

  test('end a day where the next one begins', () => {
    expect(endOfDay('2026-03-01', 'Asia/Shanghai')).toBe('2026-03-01T16:00:00.000Z')
    expect(endOfDay('2026-03-01', 'Pacific/Auckland')).toBe('2026-03-01T11:00:00.000Z')
    expect(endOfDay('2026-03-08', 'America/Los_Angeles')).toBe('2026-03-09T07:00:00.000Z')
  })

  test('name the day only when it is another one', () => {
    expect(formatMoment('2026-03-01T03:00:00Z', NOON, 'Asia/Shanghai')).toBe('11:00:00')
    expect(formatMoment('2026-02-27T03:00:00Z', NOON, 'Asia/Shanghai')).toContain('27')
  })
})

test('what changes a balance says its sign', () => {
  expect([5, -3, 0, 1200].map(formatChange)).toEqual(['+5', '−3', '0', '+1,200'])
})
