/**
 * The binary file of wall panels of one z16 tile, little endian. Columns follow each other without padding;
 * their order keeps every column aligned, so each becomes a typed-array view without copying.
 */
export interface PanelFile {
  readonly z: number
  readonly x: number
  readonly y: number
  /** Centre of the tile, EPSG:4326; the origin of all local metres in the file. */
  readonly origin: readonly [lon: number, lat: number]
  readonly dwellingIds: Float64Array
  readonly buildingIds: Float64Array
  /** 4 per panel: x0, y0, x1, y1 in local metres; the outside is on the right-hand side. */
  readonly panels: Float32Array
  /** Metres above ground, one per dwelling. */
  readonly base: Float32Array
  readonly top: Float32Array
  /** Panels of dwelling i are firstPanel[i] .. firstPanel[i + 1]. */
  readonly firstPanel: Uint32Array
  readonly buildingIndex: Uint32Array
  readonly floor: Int16Array
  /** Bit 0: the dwelling was cut from an estimate. */
  readonly flags: Uint8Array
}

export const PANEL_FILE_VERSION = 1
export const DWELLING_ESTIMATED = 1
const HEADER_BYTES = 64
const MAGIC = 'TWPN'

/** The file is not a panel file, or not one that this reader understands. */
export class PanelFileError extends Error {
  override readonly name = 'PanelFileError'
}

function fail(message: string): never {
  throw new PanelFileError(`panel file: ${message}`)
}

/** Decode a panel file. Throws PanelFileError that names what is wrong. */
export function decodePanelFile(buffer: ArrayBuffer): PanelFile {
  const { header, counts } = readHeader(buffer)
  const [dwellings, panels, buildings] = counts
  const cursor = { at: HEADER_BYTES }
  const take = <T>(make: (from: number, count: number) => T, width: number, count: number): T => {
    const column = make(cursor.at, count)
    cursor.at += width * count
    return column
  }
  const f64 = (n: number) => take((from, count) => new Float64Array(buffer, from, count), 8, n)
  const f32 = (n: number) => take((from, count) => new Float32Array(buffer, from, count), 4, n)
  const u32 = (n: number) => take((from, count) => new Uint32Array(buffer, from, count), 4, n)
  const file: PanelFile = {
    ...header,
    dwellingIds: f64(dwellings),
    buildingIds: f64(buildings),
    panels: f32(panels * 4),
    base: f32(dwellings),
    top: f32(dwellings),
    firstPanel: u32(dwellings + 1),
    buildingIndex: u32(dwellings),
    floor: take((from, count) => new Int16Array(buffer, from, count), 2, dwellings),
    flags: take((from, count) => new Uint8Array(buffer, from, count), 1, dwellings),
  }
  checkReferences(file, panels, buildings)
  return file
}

type Header = Pick<PanelFile, 'z' | 'x' | 'y' | 'origin'>

function readHeader(buffer: ArrayBuffer): { header: Header; counts: [number, number, number] } {
  if (buffer.byteLength < HEADER_BYTES) fail(`${buffer.byteLength} bytes, shorter than the header`)
  const view = new DataView(buffer)
  const magic = String.fromCharCode(...new Uint8Array(buffer, 0, 4))
  if (magic !== MAGIC) fail(`starts with ${JSON.stringify(magic)} instead of "${MAGIC}"`)
  const version = view.getUint16(4, true)
  if (version !== PANEL_FILE_VERSION) fail(`format version ${version}, this reader knows ${PANEL_FILE_VERSION}`)
  const headerBytes = view.getUint16(6, true)
  if (headerBytes !== HEADER_BYTES) fail(`header of ${headerBytes} bytes, expected ${HEADER_BYTES}`)
  const u32 = (at: number): number => view.getUint32(at, true)
  const counts: [number, number, number] = [u32(20), u32(24), u32(28)]
  const expected = expectedBytes(...counts)
  if (buffer.byteLength !== expected) {
    fail(`${buffer.byteLength} bytes, but ${counts.join(' / ')} dwellings / panels / buildings need ${expected}`)
  }
  const origin = [view.getFloat64(32, true), view.getFloat64(40, true)] as const
  if (!origin.every(Number.isFinite)) fail('its origin is not a number')
  return { header: { z: u32(8), x: u32(12), y: u32(16), origin }, counts }
}

function expectedBytes(dwellings: number, panels: number, buildings: number): number {
  const f64 = 8 * (dwellings + buildings)
  const f32 = 4 * (4 * panels + 2 * dwellings)
  const u32 = 4 * (dwellings + 1 + dwellings)
  return HEADER_BYTES + f64 + f32 + u32 + 3 * dwellings
}

function checkReferences(file: PanelFile, panels: number, buildings: number): void {
  let previous = 0
  for (const first of file.firstPanel) {
    if (first < previous || first > panels) fail(`first panel ${first} out of order or beyond ${panels}`)
    previous = first
  }
  for (const index of file.buildingIndex) {
    if (index >= buildings) fail(`building index ${index}, but it holds ${buildings} buildings`)
  }
}
