import type { Map as MapLibreMap } from 'maplibre-gl'

/** Alarms pulse at this rate: smooth enough for a slow glow, and half the work of the screen's own. */
const FRAME_MS = 1000 / 30

/** Repaint while something pulses, and only then: an idle wall must not heat its graphics card for weeks. */
export function keepPulsing(map: MapLibreMap, pulsing: () => boolean, calm: () => boolean): () => void {
  let timer = 0
  const next = (): void => {
    timer = 0
    if (!calm() && pulsing() && !document.hidden) map.triggerRepaint()
  }
  const schedule = (): void => {
    if (timer === 0 && !calm() && pulsing()) timer = window.setTimeout(next, FRAME_MS)
  }
  map.on('render', schedule)
  document.addEventListener('visibilitychange', next)
  return () => {
    clearTimeout(timer)
    map.off('render', schedule)
    document.removeEventListener('visibilitychange', next)
  }
}
