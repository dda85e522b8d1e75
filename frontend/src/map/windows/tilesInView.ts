import { distanceToBox, outsideView, type Box } from '@/geo/frustum'
import { frameMatrix, localFrame, toLocal } from '@/geo/frame'
import { multiply, type Matrix4 } from '@/geo/matrix'
import { lonOfMercatorX, latOfMercatorY, type Bbox } from '@/geo/mercator'
import { tilesIn, type TileAddress } from '@/geo/tile'

/** No building is taller; a tile's box reaches up to here. */
const TALLEST_M = 260
/** Buildings whose anchor lies in a tile may reach over its border. */
const OVERHANG_M = 60
/** A storey, for the distance at which windows are too small to draw. */
const STOREY_M = 2.9
const SMALLEST_STOREY_PX = 1.5
const MOST_TILES = 48

export interface View {
  /** Mercator units to clip space. */
  readonly mercatorToClip: Matrix4
  /** The camera: longitude, latitude, metres above ground. */
  readonly eye: readonly [lon: number, lat: number, heightM: number]
  /** Pixels that one metre covers at a distance of one metre. */
  readonly focalPx: number
}

/** How far away windows are still drawn, in metres. */
export function windowReach(focalPx: number): number {
  return (STOREY_M * focalPx) / SMALLEST_STOREY_PX
}

/** The panel tiles that are in sight and near enough, nearest first. `bbox`: the community's. */
export function tilesInView(view: View, bbox: Bbox, zoom: number): TileAddress[] {
  const reach = windowReach(view.focalPx)
  const near = around(view.eye, reach, bbox)
  if (near === null) return []
  const found: { tile: TileAddress; distance: number }[] = []
  for (const tile of tilesIn(near, zoom)) {
    const { box, frame } = boxOfTile(tile)
    const [x, y] = toLocal(frame, [view.eye[0], view.eye[1]])
    const distance = distanceToBox(x, y, view.eye[2], box)
    if (distance > reach) continue
    if (outsideView(multiply(view.mercatorToClip, frameMatrix(frame)), box)) continue
    found.push({ tile, distance })
  }
  return found.sort((a, b) => a.distance - b.distance).slice(0, MOST_TILES).map(({ tile }) => tile)
}

function boxOfTile(tile: TileAddress): { box: Box; frame: ReturnType<typeof localFrame> } {
  const count = 2 ** tile.z
  const centre = [lonOfMercatorX((tile.x + 0.5) / count), latOfMercatorY((tile.y + 0.5) / count)] as const
  const frame = localFrame(centre)
  const half = 0.5 / count / frame.unitsPerMetre + OVERHANG_M
  return { box: [-half, -half, -10, half, half, TALLEST_M], frame }
}

/** The part of a bbox within `reach` metres of the eye; null when there is none. */
function around(eye: View['eye'], reach: number, bbox: Bbox): Bbox | null {
  const metresPerDegree = 111_200
  const dLat = (reach + OVERHANG_M) / metresPerDegree
  const dLon = dLat / Math.max(0.05, Math.cos((eye[1] * Math.PI) / 180))
  const part: Bbox = [
    Math.max(bbox[0], eye[0] - dLon), Math.max(bbox[1], eye[1] - dLat),
    Math.min(bbox[2], eye[0] + dLon), Math.min(bbox[3], eye[1] + dLat),
  ]
  return part[0] <= part[2] && part[1] <= part[3] ? part : null
}
