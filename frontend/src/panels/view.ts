import { shallowRef } from 'vue'

/** The tab of the sheet on small screens. */
export type SheetTab = 'overview' | 'alarms' | 'facades' | 'layers' | 'detail'
export const sheetTab = shallowRef<SheetTab>('overview')
export const sheetOpen = shallowRef(false)

/** Whether the layer list is open on a wide screen. */
export const layersOpen = shallowRef(false)
/** Whether the list of facade modes is, in the same place. */
export const facadesOpen = shallowRef(false)

const AUTO_FLY = 'twin.autoFly'
/** Whether the camera flies to new urgent alarms by itself. */
export const autoFly = shallowRef(typeof localStorage === 'object' && localStorage.getItem(AUTO_FLY) === 'yes')

export function setAutoFly(on: boolean): void {
  autoFly.value = on
  localStorage.setItem(AUTO_FLY, on ? 'yes' : 'no')
}
