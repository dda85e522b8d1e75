import type { ManifestLayer } from '@/api/manifest'
import { dressGrids } from './areas'
import { dressBuildings } from './buildings'
import { FONTS, type DressContext, type DressedLayer, type Slot, type StyleLayer } from './context'
import { fitToScreen } from './scaling'
import { dressStreets } from './streets'

/**
 * Layers whose look needs more than the manifest's static style: kerbs below all carriageways, what is
 * selected, walls that match the windows. Every other layer is drawn as the manifest says.
 */
const DRESSES: Readonly<Record<string, (layer: ManifestLayer, context: DressContext) => DressedLayer[]>> = {
  streets: dressStreets,
  grids: dressGrids,
  buildings: dressBuildings,
}

export function dressOf(layer: ManifestLayer, context: DressContext): DressedLayer[] {
  const own = DRESSES[layer.name]
  return own === undefined ? fromManifest(layer, context) : own(layer, context)
}

const SLOT_OF_TYPE: Readonly<Record<string, Slot>> = {
  fill: 'ground', line: 'line', 'fill-extrusion': 'body', circle: 'track', symbol: 'label',
}

function fromManifest(layer: ManifestLayer, context: DressContext): DressedLayer[] {
  return layer.style.map((given, index) => {
    const style = {
      'source-layer': layer.name, id: `${layer.name}-${index}`, ...given, source: context.source,
    } as unknown as StyleLayer
    // Fonts of the viewer's machine: there is no glyph server.
    if (style.type === 'symbol') style.layout = { ...style.layout, 'text-font': FONTS }
    return { slot: SLOT_OF_TYPE[style.type] ?? 'area', style: fitToScreen(style, context) }
  })
}
