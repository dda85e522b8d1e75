import type { ManifestLayer } from '@/api/manifest'
import { zoomOn, type DressContext, type DressedLayer } from './context'
import { fromManifest } from './fromManifest'

const NAMES_FROM_ZOOM = 15.7

/** As the manifest says, but names only from near: seen whole, a community has more of them than room. */
export function dressLandcover(layer: ManifestLayer, context: DressContext): DressedLayer[] {
  return fromManifest(layer, context).map(({ slot, style }) => {
    if (style.type !== 'symbol') return { slot, style }
    // A large area is named once in each tile: apart, so that one is read at a time.
    const layout = { ...style.layout, 'text-padding': 60 * context.scale }
    return { slot, style: { ...style, layout, minzoom: zoomOn(context, NAMES_FROM_ZOOM) } }
  })
}
