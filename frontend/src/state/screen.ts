import { computed, shallowRef } from 'vue'

const width = shallowRef(1920)
const height = shallowRef(1080)
const stillness = typeof matchMedia === 'function' ? matchMedia('(prefers-reduced-motion: reduce)') : null

/** Width from which columns stand on both sides of the map; below, panels share one sheet. */
const WIDE_PX = 1180
/** Width below which the sheet lies at the bottom instead of at the side. */
const PHONE_PX = 820
/** Pixels of one rem: what is drawn on a canvas does not follow the style sheet by itself. */
export const remPx = shallowRef(16)

export function watchScreen(): () => void {
  const resized = (): void => {
    width.value = innerWidth
    height.value = innerHeight
    remPx.value = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
  }
  addEventListener('resize', resized)
  resized()
  return () => removeEventListener('resize', resized)
}

export const isWide = computed(() => width.value >= WIDE_PX)
export const isPhone = computed(() => width.value < PHONE_PX)
/** Text and lines on the map grow with the wall; in quarters, so that small resizes do not rebuild it. */
export const screenScale = computed(() => Math.max(1, Math.round(Math.min(width.value / 1920, height.value / 1080) * 4) / 4))

/** True when the viewer asked the system for less movement. */
export function wantsCalm(): boolean {
  return stillness?.matches ?? false
}
