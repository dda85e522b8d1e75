const FIRST_MS = 500
const LONGEST_MS = 30_000

/**
 * How long to wait before reconnection attempt number `attempt` (0 is the first). Exponential, with full
 * jitter, so that hundreds of screens do not return in the same instant after a restart.
 * `random` is uniform in [0, 1).
 */
export function waitBefore(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 16))
  return ceiling / 2 + (random() * ceiling) / 2
}
