import type { ExpressionSpecification, FilterSpecification } from '@maplibre/maplibre-gl-style-spec'
import type { ManifestLayer } from '@/api/manifest'
import { zoomOn, type DressContext, type DressedLayer, type StyleLayer } from './context'
import { fromManifest } from './fromManifest'

const NAMES_FROM_ZOOM = 15.7
/** A large area is named once in each of its tiles: this far apart, so that one name is read at a time. */
const APART_PX = { land: 50, water: 240 } as const
const IS_WATER: ExpressionSpecification = ['==', ['get', 'kind'], 'water']

/** As the manifest says, but names only from near: seen whole, a community has more of them than room. */
export function dressLandcover(layer: ManifestLayer, context: DressContext): DressedLayer[] {
  return fromManifest(layer, context).flatMap(({ slot, style }): DressedLayer[] => {
    if (style.type !== 'symbol') return [{ slot, style }]
    return [
      { slot, style: names(style, context, APART_PX.land, ['!', IS_WATER]) },
      { slot, style: { ...names(style, context, APART_PX.water, IS_WATER), id: `${style.id}-water` } },
    ]
  })
}

type SymbolLayer = Extract<StyleLayer, { type: 'symbol' }>

function names(style: SymbolLayer, context: DressContext, apartPx: number, only: FilterSpecification): SymbolLayer {
  const filter = (style.filter === undefined ? only : ['all', style.filter, only]) as FilterSpecification
  const layout = { ...style.layout, 'text-padding': apartPx * context.scale }
  return { ...style, filter, layout, minzoom: zoomOn(context, NAMES_FROM_ZOOM) }
}
