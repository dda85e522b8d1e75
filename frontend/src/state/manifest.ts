import { computed, shallowRef } from 'vue'
import { fetchManifest, type Manifest, type ManifestGrid, type ManifestLayer } from '@/api/manifest'
import { ancestor, BLOCK_ZOOM, tileKey, type TileAddress } from '@/geo/tile'
import { named } from '@/i18n'
import type { GridsFact, ShapesFact } from '@/live/messages'

export const manifest = shallowRef<Manifest | null>(null)

/** The live versions: start as the manifest's and rise with "shapes" facts. */
let version = 0
let blocks: Record<string, number> = {}

export async function loadManifest(communityId: number): Promise<Manifest> {
  const loaded = await fetchManifest(communityId)
  version = loaded.version
  blocks = { ...loaded.blocks }
  manifest.value = loaded
  return loaded
}

/** The shape version under which a tile is fetched now. */
export function shapeVersionOf(tile: TileAddress): number {
  return tile.z < BLOCK_ZOOM ? version : (blocks[tileKey(ancestor(tile, BLOCK_ZOOM))] ?? 0)
}

type ShapesListener = (changedBlocks: readonly string[]) => void
const listeners = new Set<ShapesListener>()

/** Told which z14 blocks ("14/x/y") got a new version. Returns the way to stop listening. */
export function onShapesChanged(listener: ShapesListener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Versions only rise; what is not newer is ignored. */
export function applyShapes(fact: ShapesFact): void {
  const changed = Object.entries(fact.blocks).filter(([key, value]) => value > (blocks[key] ?? 0))
  for (const [key, value] of changed) blocks[key] = value
  const raised = fact.version > version
  version = Math.max(version, fact.version)
  if (changed.length === 0 && !raised) return
  for (const listener of listeners) listener(changed.map(([key]) => key))
}

/** The versions as they are, also lower ones: the database was put back from a copy. */
export function replaceShapes(fact: ShapesFact): void {
  const keys = new Set([...Object.keys(blocks), ...Object.keys(fact.blocks)])
  const changed = [...keys].filter((key) => blocks[key] !== fact.blocks[key])
  const other = version !== fact.version
  blocks = { ...fact.blocks }
  version = fact.version
  if (changed.length === 0 && !other) return
  for (const listener of listeners) listener(changed)
}

/** Whether the leaf grids are other ones than the manifest lists. */
export function areOther(fact: GridsFact): boolean {
  const known = new Set(leafGrids.value.map(({ id }) => id))
  return fact.leaves.length !== known.size || fact.leaves.some((id) => !known.has(id))
}

const gridsById = computed(() => new Map(manifest.value?.grids.map((grid) => [grid.id, grid])))

export function gridOf(id: number | null): ManifestGrid | undefined {
  return id === null ? undefined : gridsById.value.get(id)
}

/** A grid's name in the language of the page, which an answer with one name does not know. */
export function gridNameOf(grid: { id: number; name: string } | undefined): string | undefined {
  const known = grid && gridOf(grid.id)
  return known ? named(known) : grid?.name
}

/** The root of the community's grid tree: the grid with the shortest path. */
export const rootGrid = computed<ManifestGrid | undefined>(() =>
  manifest.value?.grids.reduce<ManifestGrid | undefined>(
    (top, grid) => (top === undefined || depth(grid) < depth(top) ? grid : top), undefined,
  ),
)

function depth(grid: ManifestGrid): number {
  return grid.path.split('/').filter(Boolean).length
}

export const leafGrids = computed(() => manifest.value?.grids.filter((grid) => grid.leaf) ?? [])

export function layerNamed(name: string): ManifestLayer | undefined {
  return manifest.value?.layers.find((layer) => layer.name === name)
}
