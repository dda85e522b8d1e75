import type { Map as MapLibreMap, MapMouseEvent } from 'maplibre-gl'
import { clearSelection, select, type Selection } from '@/state/selection'
import type { Picker } from './picking'

/** Fingers are wider than pointers. */
const FINGER_PX = 14
const POINTER_PX = 6

/** Clicks, taps, Enter and Escape on the map; `hover` is told what lies under a resting pointer. */
export function listenToPointer(map: MapLibreMap, picker: Picker, hover: (under: Selection | null) => void): () => void {
  const canvas = map.getCanvas()
  const choose = (under: Selection | null): void => (under === null ? clearSelection() : select(under.kind, under.id))
  const click = (event: MapMouseEvent): void => {
    const touch = (event.originalEvent as PointerEvent).pointerType === 'touch' || !matchMedia('(hover: hover)').matches
    choose(picker.pick(event.point.x, event.point.y, touch ? FINGER_PX : POINTER_PX))
  }
  const key = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter') return
    const { top = 0, right = 0, bottom = 0, left = 0 } = map.getPadding()
    const { clientWidth, clientHeight } = map.getContainer()
    choose(picker.pick((left + clientWidth - right) / 2, (top + clientHeight - bottom) / 2, FINGER_PX))
  }
  const stopHover = listenToHover(map, picker, hover)
  map.on('click', click)
  canvas.addEventListener('keydown', key)
  return () => {
    map.off('click', click)
    canvas.removeEventListener('keydown', key)
    stopHover()
  }
}

/** At most one pick per frame, none while the map moves. */
function listenToHover(map: MapLibreMap, picker: Picker, hover: (under: Selection | null) => void): () => void {
  let waiting: MapMouseEvent | null = null
  let frame = 0
  const look = (): void => {
    frame = 0
    if (waiting === null || map.isMoving()) return
    const under = picker.pick(waiting.point.x, waiting.point.y)
    map.getCanvas().style.cursor = under === null ? '' : 'pointer'
    hover(under)
  }
  const move = (event: MapMouseEvent): void => {
    waiting = event
    if (frame === 0) frame = requestAnimationFrame(look)
  }
  const leave = (): void => {
    waiting = null
    hover(null)
  }
  map.on('mousemove', move)
  map.on('mouseout', leave)
  map.on('movestart', leave)
  return () => {
    cancelAnimationFrame(frame)
    map.off('mousemove', move)
    map.off('mouseout', leave)
    map.off('movestart', leave)
  }
}
