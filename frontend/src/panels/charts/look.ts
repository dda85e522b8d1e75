import { remPx } from '@/state/screen'

export const FONT = '"Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif'

/** Text of charts in the rem of the page: a canvas does not scale with the style sheet. */
export function text(rem: number, color = '#a9c0dd'): { fontSize: number; fontFamily: string; color: string } {
  return { fontSize: rem * remPx.value, fontFamily: FONT, color }
}

export function tooltip(): Record<string, unknown> {
  return {
    confine: true, backgroundColor: '#0d2140', borderColor: '#3f78b4', borderWidth: 1,
    textStyle: text(0.8125, '#e6f1ff'), padding: [0.375 * remPx.value, 0.625 * remPx.value],
  }
}

export const AXIS_LINE = { lineStyle: { color: 'rgba(98,166,236,0.35)' } }
export const SPLIT_LINE = { lineStyle: { color: 'rgba(98,166,236,0.14)' } }
