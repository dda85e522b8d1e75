import type { Camera } from './camera'
import { SELECTABLE, type Selection } from './selection'

/** What the address bar holds, so that a link restores the view. */
export interface Address {
  readonly community: number | null
  readonly camera: Camera | null
  readonly selection: Selection | null
  /** By which fact the facades are coloured, and the category that alone is. */
  readonly facade: string | null
  readonly only: string | null
}

/** Read `?community=1&at=lon,lat,zoom,bearing,pitch&sel=dwelling:123&facade=use&only=let`. What does not parse is left out. */
export function parseAddress(query: string): Address {
  const params = new URLSearchParams(query)
  const community = Number(params.get('community'))
  return {
    community: Number.isSafeInteger(community) && community > 0 ? community : null,
    camera: parseCamera(params.get('at')),
    selection: parseSelection(params.get('sel')),
    facade: parseName(params.get('facade')),
    only: parseName(params.get('only')),
  }
}

export function formatAddress({ community, camera, selection, facade, only }: Address): string {
  const parts: string[] = []
  if (community !== null) parts.push(`community=${community}`)
  if (camera !== null) {
    const { lon, lat, zoom, bearing, pitch } = camera
    const numbers = [lon.toFixed(6), lat.toFixed(6), zoom.toFixed(2), bearing.toFixed(1), pitch.toFixed(1)]
    parts.push(`at=${numbers.join(',')}`)
  }
  if (selection !== null) parts.push(`sel=${selection.kind}:${selection.id}`)
  if (facade !== null) parts.push(`facade=${facade}`)
  if (facade !== null && only !== null) parts.push(`only=${only}`)
  return parts.length === 0 ? '' : `?${parts.join('&')}`
}

function parseCamera(text: string | null): Camera | null {
  const numbers = text?.split(',').map((part) => (part === '' ? Number.NaN : Number(part))) ?? []
  if (numbers.length !== 5 || !numbers.every(Number.isFinite)) return null
  const [lon, lat, zoom, bearing, pitch] = numbers as [number, number, number, number, number]
  if (Math.abs(lon) > 180 || Math.abs(lat) > 85 || zoom < 0 || zoom > 24 || pitch < 0 || pitch > 85) return null
  return { lon, lat, zoom, bearing, pitch }
}

function parseSelection(text: string | null): Selection | null {
  const [kind, id] = text?.split(':') ?? []
  const known = SELECTABLE.find((one) => one === kind)
  const number = Number(id)
  return known !== undefined && Number.isSafeInteger(number) && number > 0 ? { kind: known, id: number } : null
}

/** A name as modes and categories have it. */
function parseName(text: string | null): string | null {
  return text !== null && /^[\w-]{1,60}$/.test(text) ? text : null
}
