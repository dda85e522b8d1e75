/**
 * Something that is fetched again and again: one fetch at a time, with a pause between two, so that an older answer never
 * comes after a newer one and a storm of news asks once.
 */
export class Renewal {
  private timer: ReturnType<typeof setTimeout> | undefined
  private running = false
  private wanted = false
  private stopped = false

  constructor(
    private readonly load: () => Promise<void>,
    private readonly pauseMs: number,
    private readonly retryMs: number,
  ) {}

  /** Fetch at once, or right after the fetch that runs. */
  now(): void {
    this.wanted = true
    if (!this.running) this.schedule(0)
  }

  /** Fetch after the pause. */
  soon(): void {
    this.wanted = true
    if (!this.running && this.timer === undefined) this.schedule(this.pauseMs)
  }

  stop(): void {
    this.stopped = true
    clearTimeout(this.timer)
  }

  private schedule(ms: number): void {
    clearTimeout(this.timer)
    if (!this.stopped) this.timer = setTimeout(() => void this.run(), ms)
  }

  private async run(): Promise<void> {
    this.timer = undefined
    this.running = true
    this.wanted = false
    let failed = false
    try {
      await this.load()
    } catch {
      failed = true
    }
    this.running = false
    if (failed) this.schedule(this.retryMs)
    else if (this.wanted) this.schedule(this.pauseMs)
  }
}
