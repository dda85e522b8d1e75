import type { Severity } from '@/live/messages'

/** Colours that the map, the panels and the charts share. The style sheet repeats them as CSS variables. */
export const PALETTE = {
  ground: '#060d1b',
  horizon: '#0e2a4d',
  sky: '#040914',
  accent: '#37d5ff',
  selected: '#5ff2ff',
  text: '#dcecff',
  textHalo: '#04101f',
  wall: '#20365e',
  worker: '#2ff3c4',
} as const

/** Severity 1 is the most urgent. Every use also has a shape or a word: colour is never the only sign. */
export const SEVERITY_COLOUR: Readonly<Record<Severity, string>> = {
  1: '#ff3b4e',
  2: '#ff8a3d',
  3: '#ffd23d',
  4: '#7fb7ff',
}

export const SEVERITIES: readonly Severity[] = [1, 2, 3, 4]

/** "#rrggbb" to three numbers 0 .. 255. */
export function rgbOf(hex: string): [number, number, number] {
  const number = Number.parseInt(hex.slice(1), 16)
  return [(number >> 16) & 255, (number >> 8) & 255, number & 255]
}
