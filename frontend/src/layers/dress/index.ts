import type { ManifestLayer } from '@/api/manifest'
import { dressCompounds, dressGrids } from './areas'
import { dressBuildings } from './buildings'
import { dressLandcover } from './landcover'
import { fromManifest } from './fromManifest'
import type { DressContext, DressedLayer } from './context'
import { dressStreets } from './streets'

/**
 * Layers whose look needs more than the manifest's static style: kerbs below all carriageways, what is
 * selected, walls that match the windows. Every other layer is drawn as the manifest says.
 */
const DRESSES: Readonly<Record<string, (layer: ManifestLayer, context: DressContext) => DressedLayer[]>> = {
  landcover: dressLandcover,
  streets: dressStreets,
  grids: dressGrids,
  compounds: dressCompounds,
  buildings: dressBuildings,
}

export function dressOf(layer: ManifestLayer, context: DressContext): DressedLayer[] {
  const own = DRESSES[layer.name]
  return own === undefined ? fromManifest(layer, context) : own(layer, context)
}
