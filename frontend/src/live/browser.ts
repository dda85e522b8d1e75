import type { Socket, Surroundings } from './connection'

/** The browser as the surroundings of a live connection. */
export function browserSurroundings(path = '/live/'): Surroundings {
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:'
  return {
    open: () => new WebSocket(`${scheme}//${location.host}${path}`) as Socket,
    now: () => Date.now(),
    wait: (ms, then) => {
      const timer = setTimeout(then, ms)
      return () => clearTimeout(timer)
    },
    isOnline: () => navigator.onLine,
  }
}
