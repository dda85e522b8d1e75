import type { Map as MapLibreMap } from 'maplibre-gl'
import { shallowRef, watch, watchEffect } from 'vue'
import { alarmMarks } from '@/layers/alarmMarks'
import { burningAlarms } from '@/layers/dwellingStates'
import { openAlarms } from '@/state/alarms'
import { selection, type Selection } from '@/state/selection'
import type { BeamsLayer } from './live/BeamsLayer'
import type { WindowsLayer } from './windows/WindowsLayer'

/** What lies under the pointer. */
export const hovered = shallowRef<Selection | null>(null)

/** Alarms, selection and hover to windows, beams, grids and buildings. */
export function highlight(map: MapLibreMap, windows: WindowsLayer, beams: BeamsLayer): () => void {
  const stops = [
    watchEffect(() => {
      const picked = selection.value
      const alarm = picked?.kind === 'alarm' ? openAlarms.get(picked.id) : undefined
      windows.setFacts({
        selected: idIf(picked, 'dwelling') ?? alarm?.dwelling_id ?? null,
        hovered: idIf(hovered.value, 'dwelling'),
        alarms: burningAlarms(openAlarms.values()),
        spotlightBuilding: idIf(picked, 'building'),
      })
    }),
    watchEffect(() => beams.setMarks(alarmMarks(openAlarms.values()), idIf(selection.value, 'alarm'))),
    featureState(map, 'selected', () => selection.value),
    featureState(map, 'hovered', () => hovered.value),
  ]
  return () => stops.forEach((stop) => stop())
}

function idIf(one: Selection | null, kind: Selection['kind']): number | null {
  return one?.kind === kind ? one.id : null
}

const SOURCE_OF: Partial<Record<Selection['kind'], string>> = { grid: 'grids', building: 'buildings' }

function featureState(map: MapLibreMap, state: string, which: () => Selection | null): () => void {
  const set = (one: Selection | null | undefined, on: boolean): void => {
    const source = one ? SOURCE_OF[one.kind] : undefined
    if (!one || source === undefined || map.getSource(source) === undefined) return
    map.setFeatureState({ source, sourceLayer: source, id: one.id }, { [state]: on })
  }
  return watch(which, (now, before) => {
    if (now?.kind === before?.kind && now?.id === before?.id) return
    set(before, false)
    set(now, true)
  }, { immediate: true })
}
