import { frameMatrix, localFrame, type LocalFrame } from '@/geo/frame'
import type { PanelFile } from '@/geo/panelFile'
import { arrangeInstances, AT, INSTANCE_BYTES, type Chunk, type Instances } from './instances'

const STATE_WIDTH = 256

/** The walls of one panel tile: what the CPU keeps for picking, and the copy on the graphics card. */
export class TileMesh {
  readonly frame: LocalFrame
  /** Local metres to mercator units. */
  readonly toMercator: Float64Array
  readonly instances: Instances
  readonly indexOf: ReadonlyMap<number, number>
  /** When the tile first came into view, for its fade-in; null until drawn. */
  firstDrawn: number | null = null
  private readonly states: Uint8Array
  private vertexArray: WebGLVertexArrayObject | null = null
  private buffer: WebGLBuffer | null = null
  private texture: WebGLTexture | null = null
  private statesChanged = true

  constructor(readonly file: PanelFile) {
    this.frame = localFrame(file.origin)
    this.toMercator = frameMatrix(this.frame)
    this.instances = arrangeInstances(file)
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

  /** Bind for drawing; uploads what the card does not hold yet. */
  bind(gl: WebGL2RenderingContext): void {
    if (this.vertexArray === null) this.upload(gl)
    gl.bindVertexArray(this.vertexArray)
    gl.activeTexture(gl.TEXTURE0)
    gl.bindTexture(gl.TEXTURE_2D, this.texture)
    if (this.statesChanged) this.uploadStates(gl)
  }

  draw(gl: WebGL2RenderingContext, chunk: Chunk): void {
    // WebGL 2 has no base instance: point the attributes at the chunk instead.
    const from = chunk.first * INSTANCE_BYTES
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer)
    gl.vertexAttribPointer(0, 4, gl.FLOAT, false, INSTANCE_BYTES, from + AT.wall)
    gl.vertexAttribPointer(1, 2, gl.FLOAT, false, INSTANCE_BYTES, from + AT.span)
    gl.vertexAttribPointer(2, 4, gl.SHORT, true, INSTANCE_BYTES, from + AT.mitre)
    gl.vertexAttribIPointer(3, 3, gl.UNSIGNED_INT, INSTANCE_BYTES, from + AT.dwelling)
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, chunk.count)
  }

  /** Forget the card's copy, after a lost context: it is gone already. */
  lose(): void {
    this.vertexArray = this.buffer = this.texture = null
    this.statesChanged = true
  }

  free(gl: WebGL2RenderingContext): void {
    gl.deleteVertexArray(this.vertexArray)
    gl.deleteBuffer(this.buffer)
    gl.deleteTexture(this.texture)
    this.lose()
  }

  private upload(gl: WebGL2RenderingContext): void {
    this.vertexArray = gl.createVertexArray()
    gl.bindVertexArray(this.vertexArray)
    this.buffer = gl.createBuffer()
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer)
    gl.bufferData(gl.ARRAY_BUFFER, this.instances.bytes, gl.STATIC_DRAW)
    for (const location of [0, 1, 2, 3]) {
      gl.enableVertexAttribArray(location)
      gl.vertexAttribDivisor(location, 1)
    }
    this.texture = gl.createTexture()
    gl.bindTexture(gl.TEXTURE_2D, this.texture)
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) {
      gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST)
    }
    this.statesChanged = true
  }

  private uploadStates(gl: WebGL2RenderingContext): void {
    // The map leaves its own unpacking settings behind; a premultiplied alpha would spoil the flags.
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false)
    gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false)
    const rows = this.states.length / 4 / STATE_WIDTH
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, STATE_WIDTH, rows, 0, gl.RGBA, gl.UNSIGNED_BYTE, this.states)
    this.statesChanged = false
  }
}
