import type { ColouredHomes, HomesAsked } from '@/api/facades'

/** The homes of one tile of wall panels, as the map has it. */
export interface TileHomes {
  /** "x/y" at the zoom of the panels. */
  readonly key: string
  readonly ids: ArrayLike<number>
  has(dwelling: number): boolean
}

export interface ColoursOptions {
  readonly ask: (asked: HomesAsked) => Promise<ColouredHomes>
  /** Keys of the categories; a home is told by its place in this list. */
  readonly keys: readonly string[]
  /** The colours of whole tiles are here, or were renewed. */
  readonly tilesColoured: (tiles: readonly TileHomes[]) => void
  /** Single homes look different. */
  readonly homesColoured: (dwellings: readonly number[]) => void
  /** Questions are open: true; all are answered: false; the last one failed with a reason. */
  readonly busy: (busy: boolean, failure: unknown) => void
  readonly retryMs?: number
}

/** What one question may ask for; the server takes up to 64 and 500. */
const MOST_TILES = 16
const MOST_HOMES = 400

/**
 * Which category each home near the camera has, in one mode. Questions are asked one after the other: an answer
 * that is older than a change can then never come after it.
 */
export class FacadeColours {
  private readonly tiles = new Map<string, TileHomes>()
  private readonly categories = new Map<number, number>()
  private readonly openTiles = new Set<string>()
  private readonly openHomes = new Set<number>()
  private running = false
  private stopped = false
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly options: ColoursOptions) {}

  /** The place of a home's category in the list of keys, or undefined. */
  of(dwelling: number): number | undefined {
    return this.categories.get(dwelling)
  }

  /** A tile is on the map, or has other homes than before. */
  add(tile: TileHomes): void {
    this.remove(this.tiles.get(tile.key))
    this.tiles.set(tile.key, tile)
    this.openTiles.add(tile.key)
    this.run()
  }

  /** A tile has left the map. */
  remove(tile: TileHomes | undefined): void {
    if (tile === undefined || this.tiles.get(tile.key) !== tile) return
    this.tiles.delete(tile.key)
    this.openTiles.delete(tile.key)
    for (let index = 0; index < tile.ids.length; index++) this.categories.delete(tile.ids[index]!)
  }

  /** Something is news about these homes; those that are not on the map are asked for when they come. */
  touch(dwellings: readonly number[]): void {
    const tiles = [...this.tiles.values()]
    for (const id of dwellings) if (tiles.some((tile) => tile.has(id))) this.openHomes.add(id)
    if (this.openHomes.size > MOST_HOMES * 4) this.reload()
    else this.run()
  }

  /** Ask for everything anew; what is known stays until the answer. */
  reload(): void {
    this.openHomes.clear()
    for (const key of this.tiles.keys()) this.openTiles.add(key)
    this.run()
  }

  stop(): void {
    this.stopped = true
    clearTimeout(this.timer)
  }

  private run(): void {
    // In the next turn: tiles come in handfuls, and are asked for together.
    if (!this.running && !this.stopped && this.timer === undefined) this.timer = setTimeout(() => void this.work())
  }

  private async work(): Promise<void> {
    this.timer = undefined
    if (this.running || this.stopped || this.openTiles.size + this.openHomes.size === 0) return
    this.running = true
    this.options.busy(true, null)
    let failure: unknown = null
    try {
      while (!this.stopped && this.openTiles.size + this.openHomes.size > 0) {
        if (this.openTiles.size > 0) await this.askForTiles()
        else await this.askForHomes()
      }
    } catch (reason) {
      failure = reason
    }
    this.running = false
    if (this.stopped) return
    this.options.busy(false, failure)
    if (failure !== null) this.timer = setTimeout(() => void this.work(), this.options.retryMs ?? 4000)
  }

  private async askForTiles(): Promise<void> {
    const keys = [...this.openTiles].slice(0, MOST_TILES)
    const asked = keys.map((key) => this.tiles.get(key)!)
    // A change that is heard from here on is asked for again.
    for (const key of keys) this.openTiles.delete(key)
    const answer = await this.answer({ tiles: keys }, () => {
      for (const tile of asked) if (this.tiles.get(tile.key) === tile) this.openTiles.add(tile.key)
    })
    if (answer === null) return
    const still = asked.filter((tile) => this.tiles.get(tile.key) === tile)
    for (const tile of still) {
      for (let index = 0; index < tile.ids.length; index++) this.keep(tile.ids[index]!, answer)
    }
    this.options.tilesColoured(still)
  }

  private async askForHomes(): Promise<void> {
    const asked = [...this.openHomes].slice(0, MOST_HOMES)
    for (const id of asked) this.openHomes.delete(id)
    const answer = await this.answer({ dwellings: asked }, () => {
      for (const id of asked) this.openHomes.add(id)
    })
    if (answer === null) return
    const tiles = [...this.tiles.values()]
    const changed = asked.filter((id) => tiles.some((tile) => tile.has(id)) && this.keep(id, answer))
    if (changed.length > 0) this.options.homesColoured(changed)
  }

  /** The answer as category by home; null when nobody waits for it any more. */
  private async answer(asked: HomesAsked, putBack: () => void): Promise<Map<number, number> | null> {
    try {
      const homes = await this.options.ask(asked)
      return this.stopped ? null : this.byHome(homes)
    } catch (reason) {
      putBack()
      throw reason
    }
  }

  private byHome(homes: ColouredHomes): Map<number, number> {
    const found = new Map<number, number>()
    for (const [key, ids] of Object.entries(homes)) {
      const place = this.options.keys.indexOf(key)
      if (place >= 0) for (const id of ids) found.set(id, place)
    }
    return found
  }

  /** Returns whether the home looks different now. */
  private keep(id: number, answer: ReadonlyMap<number, number>): boolean {
    const place = answer.get(id)
    const before = this.categories.get(id)
    if (place === undefined) this.categories.delete(id)
    else this.categories.set(id, place)
    return place !== before
  }
}
