import { shallowRef } from 'vue'

/** Where the map looks from. Degrees; zoom as the address bar shows it, that is on a 1920 px wide screen. */
export interface Camera {
  readonly lon: number
  readonly lat: number
  readonly zoom: number
  readonly bearing: number
  readonly pitch: number
}

/** The camera at rest; the map writes it after each movement. */
export const camera = shallowRef<Camera | null>(null)

/** A place to fly to. `zoom` and the angles are kept as they are when left out. */
export interface Flight {
  readonly lon: number
  readonly lat: number
  readonly heightM?: number
  readonly zoom?: number
  readonly pitch?: number
  readonly bearing?: number
  /** True to arrive without an animation. */
  readonly jump?: boolean
}

/** The flight last asked for; the map watches it. */
export const flight = shallowRef<Flight | null>(null)

export function flyTo(target: Flight): void {
  flight.value = { ...target }
}

export type CameraMove = 'in' | 'out' | 'north' | 'home' | 'flat'
/** A movement of the camera asked for by a button; a fresh object each time. */
export const cameraMove = shallowRef<{ readonly move: CameraMove } | null>(null)

export function moveCamera(move: CameraMove): void {
  cameraMove.value = { move }
}

/** How much of each side of the map lies under panels, in CSS pixels. The camera centres what is left. */
export interface Insets {
  readonly top: number
  readonly right: number
  readonly bottom: number
  readonly left: number
}

export const insets = shallowRef<Insets>({ top: 0, right: 0, bottom: 0, left: 0 })
/** The shift whose worker the camera follows, or null. */
export const followedShift = shallowRef<number | null>(null)
