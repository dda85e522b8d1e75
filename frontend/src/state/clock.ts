import { shallowRef } from 'vue'

/** The server's time minus this machine's, in milliseconds: a wall's own clock may be wrong. */
const offset = shallowRef(0)
/** The server's time in milliseconds since 1970, renewed each second. */
export const now = shallowRef(Date.now())

export function setServerTime(iso: string): void {
  const server = Date.parse(iso)
  if (Number.isFinite(server)) offset.value = server - Date.now()
  now.value = serverNow()
}

export function serverNow(): number {
  return Date.now() + offset.value
}

/** Let the clock run. Ticks on the whole second; returns the way to stop it. */
export function startClock(): () => void {
  let timer = 0
  const tick = (): void => {
    now.value = serverNow()
    timer = window.setTimeout(tick, 1000 - (now.value % 1000))
  }
  tick()
  return () => clearTimeout(timer)
}
