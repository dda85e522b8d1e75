import { frameMatrix, localFrame, type LocalFrame } from '@/geo/frame'
import type { PanelFile } from '@/geo/panelFile'
import { ROW_WALLS, WALL_TEXELS, wallTable, type WallTable } from './wallTable'

const STATE_WIDTH = 256

/** The walls of one panel tile: what the CPU keeps for picking, and the copy on the graphics card. */
export class TileMesh {
  readonly frame: LocalFrame
  /** Local metres to mercator units. */
  readonly toMercator: Float64Array
  readonly walls: WallTable
  readonly indexOf: ReadonlyMap<number, number>
  /** When the tile first came into view, for its fade-in; null until drawn. */
  firstDrawn: number | null = null
  private readonly states: Uint8Array
  private table: WebGLTexture | null = null
  private texture: WebGLTexture | null = null
  private statesChanged = true

  constructor(readonly file: PanelFile) {
    this.frame = localFrame(file.origin)
    this.toMercator = frameMatrix(this.frame)
    this.walls = wallTable(file)
    this.indexOf = new Map(Array.from(file.dwellingIds, (id, index) => [id, index]))
    const rows = Math.max(1, Math.ceil(file.dwellingIds.length / STATE_WIDTH))
    this.states = new Uint8Array(rows * STATE_WIDTH * 4)
  }

  /** Set the bytes of one dwelling: a tint 0xrrggbb and flags. */
  setState(dwelling: number, tint: number, flags: number): void {
    const at = dwelling * 4
    const { states } = this
    if (states[at + 3] === flags && ((states[at]! << 16) | (states[at + 1]! << 8) | states[at + 2]!) === tint) return
    states[at] = tint >> 16
    states[at + 1] = (tint >> 8) & 255
    states[at + 2] = tint & 255
    states[at + 3] = flags
    this.statesChanged = true
  }

  /** The bytes of one dwelling, as the shader reads them. */
  stateOf(dwelling: number): { readonly tint: number; readonly flags: number } {
    const [red, green, blue, flags] = this.states.subarray(dwelling * 4, dwelling * 4 + 4) as unknown as number[]
    return { tint: (red! << 16) | (green! << 8) | blue!, flags: flags! }
  }

  /** Bind for drawing, the walls as texture 0 and the states as texture 1; uploads what the card lacks. */
  bind(gl: WebGL2RenderingContext): void {
    if (this.table === null) this.upload(gl)
    gl.activeTexture(gl.TEXTURE0)
    gl.bindTexture(gl.TEXTURE_2D, this.table)
    gl.activeTexture(gl.TEXTURE1)
    gl.bindTexture(gl.TEXTURE_2D, this.texture)
    if (this.statesChanged) this.uploadStates(gl)
  }

  /** Forget the card's copy, after a lost context: it is gone already. */
  lose(): void {
    this.table = this.texture = null
    this.statesChanged = true
  }

  free(gl: WebGL2RenderingContext): void {
    gl.deleteTexture(this.table)
    gl.deleteTexture(this.texture)
    this.lose()
  }

  private upload(gl: WebGL2RenderingContext): void {
    const { rows, words } = this.walls
    plainUnpacking(gl)
    this.table = exactTexture(gl)
    gl.texImage2D(
      gl.TEXTURE_2D, 0, gl.RGBA32UI, ROW_WALLS * WALL_TEXELS, rows, 0, gl.RGBA_INTEGER, gl.UNSIGNED_INT, words,
    )
    this.texture = exactTexture(gl)
    this.statesChanged = true
  }

  private uploadStates(gl: WebGL2RenderingContext): void {
    plainUnpacking(gl)
    const rows = this.states.length / 4 / STATE_WIDTH
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, STATE_WIDTH, rows, 0, gl.RGBA, gl.UNSIGNED_BYTE, this.states)
    this.statesChanged = false
  }
}

function exactTexture(gl: WebGL2RenderingContext): WebGLTexture {
  const texture = gl.createTexture()
  gl.bindTexture(gl.TEXTURE_2D, texture)
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST)
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST)
  return texture
}

/** The map leaves its own unpacking settings behind; a premultiplied alpha would spoil the flags. */
function plainUnpacking(gl: WebGL2RenderingContext): void {
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false)
  gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false)
}
