import type { ExpressionSpecification, LayerSpecification } from '@maplibre/maplibre-gl-style-spec'

/** Without a source: whoever adds it knows where the tiles come from. */
export type StyleLayer = Exclude<LayerSpecification, { type: 'background' }>

/** Where a style layer stands in the pile; from the ground up. */
export const SLOTS = ['ground', 'area', 'line', 'track', 'body', 'label', 'marker'] as const
export type Slot = (typeof SLOTS)[number]

export interface DressedLayer {
  readonly slot: Slot
  readonly style: StyleLayer
}

/** What a dress depends on besides the data. */
export interface DressContext {
  readonly source: string
  /** Width of the screen over 1920: text and lines grow with the wall they hang on. */
  readonly scale: number
}

/** From this zoom on buildings bear their names. */
export const BUILDING_NAMES_FROM_ZOOM = 16.7

export const FONTS = ['Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', 'sans-serif']

/** Stops [zoom, value, zoom, value, ...] as designed for 1920 px; wider screens look from a higher zoom. */
export function byZoom(context: DressContext, stops: readonly number[], scaled = true): ExpressionSpecification {
  const shifted = stops.map((value, index) =>
    index % 2 === 0 ? zoomOn(context, value) : scaled ? value * context.scale : value,
  )
  return ['interpolate', ['linear'], ['zoom'], ...shifted] as unknown as ExpressionSpecification
}

/** The zoom at which a screen of this width shows what `zoom` shows on 1920 px. */
export function zoomOn({ scale }: Pick<DressContext, 'scale'>, zoom: number): number {
  return zoom + Math.log2(scale)
}
