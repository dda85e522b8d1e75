import type { DressContext, StyleLayer } from './context'

/** Properties that are lengths on the screen, and so grow with it. */
const LENGTHS = new Set([
  'line-width', 'line-gap-width', 'line-blur', 'line-offset', 'text-size', 'text-halo-width', 'symbol-spacing', 'text-padding',
  'circle-radius', 'circle-stroke-width', 'icon-size',
])

/**
 * Fit a style layer that was designed for 1920 px to the screen: lengths grow by `scale`, and zoom levels
 * shift, because a wider screen shows the same place from a higher zoom.
 */
export function fitToScreen(layer: StyleLayer, { scale }: Pick<DressContext, 'scale'>): StyleLayer {
  if (scale === 1) return layer
  const shift = Math.log2(scale)
  const fitted = { ...layer } as StyleLayer & Record<'paint' | 'layout', Record<string, unknown>>
  if (layer.minzoom !== undefined) fitted.minzoom = layer.minzoom + shift
  if (layer.maxzoom !== undefined) fitted.maxzoom = layer.maxzoom + shift
  for (const part of ['paint', 'layout'] as const) {
    const given = (layer as Partial<Record<typeof part, Record<string, unknown>>>)[part]
    if (given === undefined) continue
    const entries = Object.entries(given)
    fitted[part] = Object.fromEntries(entries.map(([name, value]) => [name, fitValue(name, value, scale, shift)])) as never
  }
  return fitted
}

function fitValue(name: string, value: unknown, scale: number, shift: number): unknown {
  const factor = LENGTHS.has(name) ? scale : 1
  if (isZoomRamp(value)) {
    return value.map((part, index) => (index < 3 ? part : index % 2 === 1 ? Number(part) + shift : grow(part, factor)))
  }
  return grow(value, factor)
}

/** ["interpolate", how, ["zoom"], zoom, value, zoom, value, ...] */
function isZoomRamp(value: unknown): value is unknown[] {
  return Array.isArray(value) && value[0] === 'interpolate' && Array.isArray(value[2]) && value[2][0] === 'zoom'
}

function grow(value: unknown, factor: number): unknown {
  if (factor === 1) return value
  if (typeof value === 'number') return value * factor
  return Array.isArray(value) ? ['*', value, factor] : value
}
