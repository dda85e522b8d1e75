import { PATTERNS, type FacadeCategory, type FacadeMode, type Pattern } from '@/api/facades'
import type { AlarmFact, Severity } from '@/live/messages'
import { rgbOf } from './palette'

/**
 * The four bytes that say how one dwelling is drawn: red, green, blue of a tint, and a byte of flags. The
 * shader reads them; `windows/shaders.ts` repeats the bits.
 */
export const FLAG = {
  selected: 1,
  hovered: 2,
  alarm: 4,
  /** Two bits: severity - 1. */
  severityShift: 3,
  dimmed: 32,
  estimated: 64,
  /** The tint replaces the lamplight. */
  tinted: 128,
} as const

/**
 * A colour "#rrggbb" and a pattern in the three bytes of a tint: the lowest bit of each says which pattern. That costs no
 * colour that an eye could miss, and needs no fifth byte.
 */
export function tintOf(colour: string, pattern: Pattern): number {
  const place = PATTERNS.indexOf(pattern)
  return rgbOf(colour).reduce((tint, value, byte) => (tint << 8) | (value & 0xfe) | ((place >> byte) & 1), 0)
}

/** What a tint says again: the nearest colour that it can hold, and the pattern. */
export function lookOf(tint: number): { readonly colour: string; readonly pattern: Pattern } {
  const bit = (byte: number): number => (tint >> byte) & 1
  const colour = `#${(tint & 0xfefefe).toString(16).padStart(6, '0')}`
  return { colour, pattern: PATTERNS[bit(16) | (bit(8) << 1) | (bit(0) << 2)]! }
}

/** How each category of a mode is drawn, in their order; null for those that are not, because another one is alone. */
export function tintsOf({ categories }: FacadeMode, only: string | null): readonly (number | null)[] {
  const shown = ({ key }: FacadeCategory): boolean => only === null || only === key
  return categories.map((category) => (shown(category) ? tintOf(category.colour, category.pattern) : null))
}

/** The facts of a moment that change how single dwellings are drawn. */
export interface DwellingFacts {
  readonly selected: number | null
  readonly hovered: number | null
  /** Most urgent alarm that still burns, by dwelling. */
  readonly alarms: ReadonlyMap<number, Severity>
  /** When set, every other building is dimmed. */
  readonly spotlightBuilding: number | null
}

export function flagsOf(dwelling: number, building: number, estimated: boolean, facts: DwellingFacts): number {
  let flags = estimated ? FLAG.estimated : 0
  if (facts.selected === dwelling) flags |= FLAG.selected
  if (facts.hovered === dwelling) flags |= FLAG.hovered
  const severity = facts.alarms.get(dwelling)
  if (severity !== undefined) flags |= FLAG.alarm | ((severity - 1) << FLAG.severityShift)
  if (facts.spotlightBuilding !== null && facts.spotlightBuilding !== building) flags |= FLAG.dimmed
  return flags
}

/** The alarm that a window shows: the most urgent one that is not yet cleared and acknowledged. */
export function burningAlarms(alarms: Iterable<AlarmFact>): Map<number, Severity> {
  const worst = new Map<number, Severity>()
  for (const alarm of alarms) {
    if (alarm.dwelling_id === null || !isBurning(alarm)) continue
    const known = worst.get(alarm.dwelling_id)
    if (known === undefined || alarm.severity < known) worst.set(alarm.dwelling_id, alarm.severity)
  }
  return worst
}

/** The device still reports it, or nobody has looked at it yet. */
export function isBurning(alarm: AlarmFact): boolean {
  return alarm.handling !== 'CLOSED' && (alarm.condition === 'ACTIVE' || alarm.handling === 'NEW')
}
