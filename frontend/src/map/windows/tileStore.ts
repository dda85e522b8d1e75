import { decodePanelFile } from '@/geo/panelFile'
import { ancestor, BLOCK_ZOOM, tileKey, type TileAddress } from '@/geo/tile'
import { TileMesh } from './tileMesh'

/** Tiles that are kept although they are out of sight. */
const MOST_KEPT = 96
const MOST_REQUESTS = 6
const RETRY_MS = 8000

type Entry =
  | { readonly state: 'loading'; readonly abort: AbortController }
  | { readonly state: 'ready'; readonly mesh: TileMesh; readonly version: number }
  | { readonly state: 'failed'; readonly at: number }

export interface TileStoreOptions {
  /** The address of a tile's file. */
  readonly url: (tile: TileAddress, version: number) => string
  readonly versionOf: (tile: TileAddress) => number
  /** A tile became ready or was given up; time to draw. */
  readonly changed: (mesh: TileMesh | null) => void
  /** A tile left the store; its copy on the card can go. */
  readonly dropped: (mesh: TileMesh) => void
}

/** Panel tiles by address: fetched nearest first, kept while used, dropped when long unused. */
export class TileStore {
  private readonly entries = new Map<string, Entry>()
  private readonly stale = new Map<string, TileMesh>()
  private wanted: readonly TileAddress[] = []

  constructor(private readonly options: TileStoreOptions) {}

  /** The tiles in view, most important first. Returns those that can be drawn. */
  want(tiles: readonly TileAddress[]): TileMesh[] {
    this.wanted = tiles
    this.fetchNext()
    const ready: TileMesh[] = []
    for (const tile of tiles) {
      const mesh = this.meshAt(tileKey(tile))
      if (mesh !== undefined) ready.push(mesh)
    }
    this.dropUnused()
    return ready
  }

  /** True while a wanted tile is on its way. */
  get busy(): boolean {
    return this.wanted.some((tile) => {
      const state = this.entries.get(tileKey(tile))?.state
      return state === undefined || state === 'loading'
    })
  }

  /** Shapes changed in these z14 blocks: fetch their tiles anew, and draw the old ones until then. */
  refresh(blocks: ReadonlySet<string>): void {
    for (const [key, entry] of this.entries) {
      const [z, x, y] = key.split('/').map(Number) as [number, number, number]
      if (!blocks.has(tileKey(ancestor({ z, x, y }, BLOCK_ZOOM)))) continue
      if (entry.state === 'ready') this.stale.set(key, entry.mesh)
      if (entry.state === 'loading') entry.abort.abort()
      this.entries.delete(key)
    }
    this.options.changed(null)
  }

  meshes(): TileMesh[] {
    const ready = [...this.entries.values()].filter((entry) => entry.state === 'ready')
    return [...this.stale.values(), ...ready.map((entry) => entry.mesh)]
  }

  private meshAt(key: string): TileMesh | undefined {
    const entry = this.entries.get(key)
    if (entry?.state !== 'ready') return this.stale.get(key)
    // Move to the end: the map keeps insertion order, so the front is the longest unused.
    this.entries.delete(key)
    this.entries.set(key, entry)
    return entry.mesh
  }

  private fetchNext(): void {
    const now = Date.now()
    let running = [...this.entries.values()].filter((entry) => entry.state === 'loading').length
    for (const tile of this.wanted) {
      if (running >= MOST_REQUESTS) return
      const known = this.entries.get(tileKey(tile))
      if (known !== undefined && (known.state !== 'failed' || now - known.at < RETRY_MS)) continue
      running++
      void this.fetch(tile)
    }
  }

  private async fetch(tile: TileAddress): Promise<void> {
    const key = tileKey(tile)
    const abort = new AbortController()
    const mine: Entry = { state: 'loading', abort }
    this.entries.set(key, mine)
    const version = this.options.versionOf(tile)
    const entry = await this.load(tile, version, abort.signal)
    if (this.entries.get(key) !== mine) return
    this.entries.set(key, entry)
    if (entry.state === 'ready') this.retire(key)
    this.fetchNext()
    this.options.changed(entry.state === 'ready' ? entry.mesh : null)
  }

  private async load(tile: TileAddress, version: number, signal: AbortSignal): Promise<Entry> {
    try {
      const response = await fetch(this.options.url(tile, version), { signal, credentials: 'same-origin' })
      if (!response.ok) throw new Error(`panel tile ${tileKey(tile)}: HTTP ${response.status}`)
      return { state: 'ready', mesh: new TileMesh(decodePanelFile(await response.arrayBuffer())), version }
    } catch (reason) {
      if (!signal.aborted) console.error(reason)
      return { state: 'failed', at: Date.now() }
    }
  }

  private retire(key: string): void {
    const old = this.stale.get(key)
    if (old === undefined) return
    this.stale.delete(key)
    this.options.dropped(old)
  }

  private dropUnused(): void {
    const inUse = new Set(this.wanted.map(tileKey))
    for (const [key, entry] of this.entries) {
      if (this.entries.size <= Math.max(MOST_KEPT, inUse.size)) return
      if (inUse.has(key)) continue
      this.entries.delete(key)
      if (entry.state === 'loading') entry.abort.abort()
      if (entry.state === 'ready') this.options.dropped(entry.mesh)
      this.retire(key)
    }
  }
}
