import { watch } from 'vue'
import { tintsOf } from '@/layers/dwellingStates'
import type { TileHomes } from '@/state/facadeColours'
import { facadeMode, homeCategory, onFacadeNews, onlyCategory, tileAppeared, tileVanished } from '@/state/facades'
import type { TileMesh } from './windows/tileMesh'
import type { WindowsLayer } from './windows/WindowsLayer'

const homesOf = new WeakMap<TileMesh, TileHomes>()

/** The homes of a tile of walls, to be coloured; the same object for the same walls. */
export function homesAppeared(mesh: TileMesh): void {
  const { x, y, dwellingIds } = mesh.file
  const homes = { key: `${x}/${y}`, ids: dwellingIds, has: (id: number) => mesh.indexOf.has(id) }
  homesOf.set(mesh, homes)
  tileAppeared(homes)
}

export function homesVanished(mesh: TileMesh): void {
  const homes = homesOf.get(mesh)
  if (homes !== undefined) tileVanished(homes)
}

/** Colour the windows by the chosen mode. Nothing is done between two changes. */
export function colourFacades(windows: WindowsLayer): () => void {
  const retint = (): void => {
    const mode = facadeMode.value
    const tints = mode === null ? null : tintsOf(mode, onlyCategory.value)
    windows.setTint(tints && ((dwelling) => tints[homeCategory(dwelling) ?? -1] ?? null))
  }
  const stopNews = onFacadeNews({
    tiles: (tiles) => windows.repaint({ meshes: windows.tiles.meshes().filter((mesh) => tiles.includes(homesOf.get(mesh)!)) }),
    homes: (dwellings) => windows.repaint({ dwellings }),
  })
  const stopWatching = watch([facadeMode, onlyCategory], retint, { immediate: true })
  return () => {
    stopNews()
    stopWatching()
    for (const mesh of windows.tiles.meshes()) homesVanished(mesh)
  }
}
