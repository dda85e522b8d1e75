import type { ManifestLayer } from '@/api/manifest'
import { FONTS, type DressContext, type DressedLayer, type Slot, type StyleLayer } from './context'
import { fitToScreen } from './scaling'

/** Names of the base lie under the buildings: painted over a roof they would read as the building's. */
const SLOT_OF_TYPE: Readonly<Record<string, Slot>> = {
  fill: 'ground', line: 'line', 'fill-extrusion': 'body', circle: 'track', symbol: 'label',
}

/** The style layers that the manifest brings, fitted to this screen. */
export function fromManifest(layer: ManifestLayer, context: DressContext): DressedLayer[] {
  return layer.style.map((given, index) => {
    const style = {
      'source-layer': layer.name, id: `${layer.name}-${index}`, ...given, source: context.source,
    } as unknown as StyleLayer
    // Fonts of the viewer's machine: there is no glyph server.
    if (style.type === 'symbol') style.layout = { ...style.layout, 'text-font': FONTS }
    const slot = style.type === 'symbol' && layer.group === 'base' ? 'track' : (SLOT_OF_TYPE[style.type] ?? 'area')
    return { slot, style: fitToScreen(style, context) }
  })
}
