import { describe, expect, test } from 'vitest'
import { alarmMarks } from '@/layers/alarmMarks'
import { PATTERNS, type FacadeMode } from '@/api/facades'
import { burningAlarms, FLAG, flagsOf, lookOf, tintOf, tintsOf, type DwellingFacts } from '@/layers/dwellingStates'
import { alarm } from '../live/facts'

const QUIET: DwellingFacts = { selected: null, hovered: null, alarms: new Map(), spotlightBuilding: null }

describe('the flags of a window', () => {
  test('are none when nothing is known', () => {
    expect(flagsOf(100, 3, false, QUIET)).toBe(0)
  })

  test('tell selection, estimate and spotlight apart', () => {
    const facts = { ...QUIET, selected: 100, spotlightBuilding: 4 }
    expect(flagsOf(100, 3, true, facts)).toBe(FLAG.selected | FLAG.dimmed | FLAG.estimated)
    expect(flagsOf(101, 4, false, facts)).toBe(0)
  })

  test.each([1, 2, 3, 4] as const)('carry severity %i in two bits', (severity) => {
    const flags = flagsOf(100, 3, false, { ...QUIET, alarms: new Map([[100, severity]]) })
    expect(flags & FLAG.alarm).toBe(FLAG.alarm)
    expect(((flags >> FLAG.severityShift) & 3) + 1).toBe(severity)
    expect(flags).toBeLessThan(256)
  })
})

describe('the tint of a window', () => {
  test.each(PATTERNS)('carries the pattern %s beside a colour that looks the same', (pattern) => {
    for (const colour of ['#000000', '#ffffff', '#4cc3ff', '#f47cc0']) {
      const look = lookOf(tintOf(colour, pattern))
      expect(look.pattern).toBe(pattern)
      for (const byte of [1, 3, 5]) {
        const [wanted, got] = [colour, look.colour].map((hex) => Number.parseInt(hex.slice(byte, byte + 2), 16))
        expect(Math.abs(wanted! - got!)).toBeLessThanOrEqual(1)
      }
      expect(tintOf(colour, pattern)).toBeLessThan(2 ** 24)
    }
  })

  test('is there for all categories, or for the one that is shown alone', () => {
    const category = (key: string) => ({ key, label: { zh: '', en: '' }, colour: '#4cc3ff', pattern: 'dots' as const })
    const mode = { categories: [category('own'), category('let')] } as unknown as FacadeMode
    const tint = tintOf('#4cc3ff', 'dots')
    expect(tintsOf(mode, null)).toEqual([tint, tint])
    expect(tintsOf(mode, 'let')).toEqual([null, tint])
  })
})

describe('a burning window', () => {
  test('shows the most urgent of its alarms', () => {
    const alarms = [alarm({ id: 1, severity: 3 }), alarm({ id: 2, severity: 1 }), alarm({ id: 3, severity: 2 })]
    expect(burningAlarms(alarms).get(100)).toBe(1)
    expect(alarmMarks(alarms)).toMatchObject([{ severity: 1, alarm: 2, count: 3 }])
  })

  test('goes out when the device has recovered and someone has looked, and not before', () => {
    expect(burningAlarms([alarm({ condition: 'CLEARED' })]).size).toBe(1)
    expect(burningAlarms([alarm({ handling: 'ACKED' })]).size).toBe(1)
    expect(burningAlarms([alarm({ condition: 'CLEARED', handling: 'ACKED' })]).size).toBe(0)
    expect(burningAlarms([alarm({ dwelling_id: null })]).size).toBe(0)
  })

  test('is one mark, and a device in the open is another', () => {
    const marks = alarmMarks([alarm({ id: 1 }), alarm({ id: 2, dwelling_id: null, severity: 2 }), alarm({ id: 3, dwelling_id: 101 })])
    expect(marks.map(({ alarm: id }) => id)).toEqual([1, 3, 2])
  })
})
