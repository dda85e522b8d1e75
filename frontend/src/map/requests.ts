import type { Map as MapLibreMap, RequestParameters } from 'maplibre-gl'
import type { Manifest } from '@/api/manifest'
import { ancestor, BLOCK_ZOOM, tileKey, type TileAddress } from '@/geo/tile'
import { shapeVersionOf } from '@/state/manifest'

const VERSION = /\{version\}|%7Bversion%7D/
const TILE_ADDRESS = /\/(\d+)\/(\d+)\/(\d+)\.\w+$/

/** Fill the shape version into the address of a tile: every version has its own, cacheable for ever. */
export function withVersion(url: string): RequestParameters {
  const address = TILE_ADDRESS.exec(url)
  if (!VERSION.test(url) || address === null) return { url }
  const [z, x, y] = address.slice(1).map(Number) as [number, number, number]
  return { url: url.replace(VERSION, String(shapeVersionOf({ z, x, y }))), credentials: 'same-origin' }
}

/** The address of a panel tile from the manifest's template. */
export function panelUrl(template: string, tile: TileAddress, version: number): string {
  return template
    .replace('{version}', String(version))
    .replace('{z}', String(tile.z)).replace('{x}', String(tile.x)).replace('{y}', String(tile.y))
}

/** Fetch again only the tiles on show that lie in, or above, the z14 blocks that changed. */
export function refreshTiles(map: MapLibreMap, manifest: Manifest, blocks: ReadonlySet<string>): void {
  for (const layer of manifest.layers) {
    if (layer.source.kind !== 'tiles') continue
    const { minzoom, maxzoom } = layer.source
    const touched: TileAddress[] = []
    for (const block of blocks) touched.push(...tilesOfBlock(block, minzoom, maxzoom))
    map.refreshTiles(layer.name, touched)
  }
}

/** Every tile between two zooms that overlaps a block; the map refreshes those that it holds. */
function tilesOfBlock(block: string, minzoom: number, maxzoom: number): TileAddress[] {
  const [z, x, y] = block.split('/').map(Number) as [number, number, number]
  const tiles: TileAddress[] = []
  for (let zoom = minzoom; zoom <= Math.min(maxzoom, BLOCK_ZOOM); zoom++) tiles.push(ancestor({ z, x, y }, zoom))
  for (let zoom = BLOCK_ZOOM + 1; zoom <= maxzoom; zoom++) {
    const side = 2 ** (zoom - BLOCK_ZOOM)
    for (let dy = 0; dy < side; dy++) {
      for (let dx = 0; dx < side; dx++) tiles.push({ z: zoom, x: x * side + dx, y: y * side + dy })
    }
  }
  return [...new Map(tiles.map((tile) => [tileKey(tile), tile])).values()]
}
