import { emptyBox, growBox, type Box } from '@/geo/frustum'
import type { PanelFile } from '@/geo/panelFile'
import { mitres } from './miter'

/** Texels of four 32-bit words that describe one wall; `shaders.ts` reads them. */
export const WALL_TEXELS = 3
const WALL_BYTES = WALL_TEXELS * 16
const AT = { wall: 0, span: 16, mitre: 24, dwelling: 32, seed: 36, building: 40 } as const
/** Walls in one row of the table, which is drawn from as a texture. */
export const ROW_WALLS = 512
/** Mitres are stored as signed 16-bit fractions of this. */
export const MITRE_RANGE = 4
/** In the `building` word, above 16 bits of seed: the wall touches the building's top or its foot. */
export const IS_TOP = 1 << 16
export const IS_FOOT = 1 << 17
/** Walls drawn with one call: few enough to cull well, many enough to keep calls rare. */
const CHUNK_WALLS = 1200

/** A run of walls that stand together, and the box that holds them, in local metres. */
export interface Chunk {
  readonly first: number
  readonly count: number
  readonly box: Box
}

/** The walls of a tile in drawing order. */
export interface WallTable {
  /** Rows of ROW_WALLS walls, the last one padded. */
  readonly words: Uint32Array
  readonly rows: number
  readonly count: number
  readonly chunks: readonly Chunk[]
  readonly box: Box
}

/** Arrange the walls of a panel file for drawing, building by building. */
export function wallTable(file: PanelFile): WallTable {
  const count = file.panels.length / 4
  const dwellingOfWall = ownerOfWalls(file)
  const storey = Float32Array.from(dwellingOfWall, (dwelling) => file.base[dwelling]!)
  const pushes = mitres(file.panels, storey)
  const heights = buildingSpans(file)
  const order = wallOrder(file, dwellingOfWall)
  const rows = Math.max(1, Math.ceil(count / ROW_WALLS))
  const view = new DataView(new ArrayBuffer(rows * ROW_WALLS * WALL_BYTES))
  order.forEach((wall, place) => {
    const dwelling = dwellingOfWall[wall]!
    writeWall(view, place * WALL_BYTES, file, wall, dwelling, pushes)
    const span = heights[file.buildingIndex[dwelling]!]!
    const ends =
      (file.top[dwelling]! > span[1] - 0.5 ? IS_TOP : 0) | (file.base[dwelling]! < span[0] + 0.5 ? IS_FOOT : 0)
    const seed = hash(file.buildingIds[file.buildingIndex[dwelling]!]!) & 0xffff
    view.setUint32(place * WALL_BYTES + AT.building, seed | ends, true)
  })
  const chunks = cutChunks(file, order, dwellingOfWall)
  return { words: new Uint32Array(view.buffer), rows, count, chunks, box: aroundAll(chunks) }
}

function ownerOfWalls(file: PanelFile): Uint32Array {
  const owner = new Uint32Array(file.panels.length / 4)
  for (let dwelling = 0; dwelling < file.base.length; dwelling++) {
    owner.fill(dwelling, file.firstPanel[dwelling], file.firstPanel[dwelling + 1])
  }
  return owner
}

function buildingSpans(file: PanelFile): [foot: number, top: number][] {
  const spans = Array.from(file.buildingIds, () => [Infinity, -Infinity] as [number, number])
  file.buildingIndex.forEach((building, dwelling) => {
    const span = spans[building]!
    span[0] = Math.min(span[0], file.base[dwelling]!)
    span[1] = Math.max(span[1], file.top[dwelling]!)
  })
  return spans
}

/** Walls sorted so that neighbours in space are neighbours in the buffer: Z-order of buildings. */
function wallOrder(file: PanelFile, owner: Uint32Array): Uint32Array {
  const rank = new Float64Array(file.buildingIds.length).fill(-1)
  owner.forEach((dwelling, wall) => {
    const building = file.buildingIndex[dwelling]!
    if (rank[building]! < 0) rank[building] = zOrder(file.panels[wall * 4]!, file.panels[wall * 4 + 1]!)
  })
  const key = (wall: number): number => file.buildingIndex[owner[wall]!]!
  return Uint32Array.from(owner.keys()).sort(
    (a, b) => rank[key(a)]! - rank[key(b)]! || key(a) - key(b) || a - b,
  )
}

/** Interleaved bits of a position, cells of 16 m, 10 bits an axis. */
function zOrder(x: number, y: number): number {
  const cell = (value: number): number => Math.min(1023, Math.max(0, Math.floor(value / 16) + 512))
  let out = 0
  for (let bit = 9; bit >= 0; bit--) out = out * 4 + ((cell(y) >> bit) & 1) * 2 + ((cell(x) >> bit) & 1)
  return out
}

function writeWall(
  view: DataView, at: number, file: PanelFile, wall: number, dwelling: number, pushes: Float32Array,
): void {
  for (let k = 0; k < 4; k++) {
    view.setFloat32(at + AT.wall + k * 4, file.panels[wall * 4 + k]!, true)
    view.setInt16(at + AT.mitre + k * 2, Math.round((pushes[wall * 4 + k]! / MITRE_RANGE) * 32767), true)
  }
  view.setFloat32(at + AT.span, file.base[dwelling]!, true)
  view.setFloat32(at + AT.span + 4, file.top[dwelling]!, true)
  view.setUint32(at + AT.dwelling, dwelling, true)
  view.setUint32(at + AT.seed, hash(file.dwellingIds[dwelling]!), true)
}

function cutChunks(file: PanelFile, order: Uint32Array, owner: Uint32Array): Chunk[] {
  const chunks: Chunk[] = []
  let first = 0
  let box = emptyBox()
  order.forEach((wall, place) => {
    const dwelling = owner[wall]!
    for (const end of [0, 2]) {
      const [x, y] = [file.panels[wall * 4 + end]!, file.panels[wall * 4 + end + 1]!]
      growBox(box, x, y, file.base[dwelling]!)
      growBox(box, x, y, file.top[dwelling]!)
    }
    const next = order[place + 1]
    const endsBuilding = next === undefined || file.buildingIndex[owner[next]!] !== file.buildingIndex[dwelling]
    if (next === undefined || (endsBuilding && place + 1 - first >= CHUNK_WALLS)) {
      chunks.push({ first, count: place + 1 - first, box })
      first = place + 1
      box = emptyBox()
    }
  })
  return chunks
}

function aroundAll(chunks: readonly Chunk[]): Box {
  const box = emptyBox()
  for (const chunk of chunks) {
    growBox(box, chunk.box[0], chunk.box[1], chunk.box[2])
    growBox(box, chunk.box[3], chunk.box[4], chunk.box[5])
  }
  return box
}

/** A well-mixed 32-bit number from an id, the same in every session: a home keeps the look of its windows. */
export function hash(id: number): number {
  let h = (id % 0x100000000) ^ Math.imul(Math.floor(id / 0x100000000), 0x9e3779b1)
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad)
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97)
  return (h ^ (h >>> 15)) >>> 0
}
