import { serverNow } from './clock'

/** A browser's timer takes no more; longer waits go on after it. */
const LONGEST_MS = 2 ** 31 - 1
/** Asked a moment later, so that the server's clock has surely passed it. */
const AFTER_MS = 300

/** Rings once at a moment of the server's clock. Setting another moment takes the first one back. */
export class AlarmClock {
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly ring: () => void) {}

  /** null: not at all. */
  set(iso: string | null): void {
    clearTimeout(this.timer)
    if (iso === null) return
    const wait = Date.parse(iso) - serverNow() + AFTER_MS
    if (!Number.isFinite(wait)) return
    this.timer = setTimeout(() => (wait > LONGEST_MS ? this.set(iso) : this.ring()), Math.min(Math.max(wait, AFTER_MS), LONGEST_MS))
  }
}
