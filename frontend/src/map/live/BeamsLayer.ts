import type { CustomLayerInterface, CustomRenderMethodInput, Map as MapLibreMap } from 'maplibre-gl'
import { frameMatrix, localFrame, toLocal, type LocalFrame } from '@/geo/frame'
import { eyeOf } from '@/geo/frustum'
import { invert, multiply, transform } from '@/geo/matrix'
import type { LonLat } from '@/geo/mercator'
import type { AlarmMark } from '@/layers/alarmMarks'
import { rgbOf, SEVERITIES, SEVERITY_COLOUR } from '@/layers/palette'
import { linkProgram, uniformsOf, type Uniforms } from '../gl/program'
import {
  RING_FRAGMENT, RING_VERTEX, SHAFT_FRAGMENT, SHAFT_VERTEX, SIGN_FRAGMENT, SIGN_VERTEX,
} from './beamShaders'
import { drawSigns } from './signs'

const UNIFORMS = [
  'u_matrix', 'u_pixel', 'u_severity[0]', 'u_time', 'u_calm', 'u_strength', 'u_size', 'u_signs',
] as const
type Part = { program: WebGLProgram; uniforms: Uniforms<(typeof UNIFORMS)[number]> }

/** Beams grow with the camera's distance, so that one is seen from the far end of the community. */
const SHORTEST_M = 45
const SIGN_SIZE_PX = 17

/** Alarms as light: rings on the ground, shafts from the window into the sky, signs on top. */
export class BeamsLayer implements CustomLayerInterface {
  readonly id = 'alarm-beams'
  readonly type = 'custom' as const
  readonly renderingMode = '3d' as const
  visible = true
  private readonly frame: LocalFrame
  private readonly toMercator: Float64Array
  private marks: readonly AlarmMark[] = []
  private picked: number | null = null
  private map: MapLibreMap | null = null
  private parts: { ring: Part; shaft: Part; sign: Part } | null = null
  private vertexArray: WebGLVertexArrayObject | null = null
  private buffer: WebGLBuffer | null = null
  private signs: WebGLTexture | null = null
  private lastMatrix: Float64Array | null = null
  private lastLength = SHORTEST_M

  constructor(centre: LonLat, private readonly scale: number, private readonly calm: () => boolean) {
    this.frame = localFrame(centre)
    this.toMercator = frameMatrix(this.frame)
  }

  setMarks(marks: readonly AlarmMark[], pickedAlarm: number | null): void {
    this.marks = marks
    this.picked = pickedAlarm
    this.map?.triggerRepaint()
  }

  get pulsing(): boolean {
    return this.visible && this.marks.length > 0
  }

  onAdd(map: MapLibreMap, gl: WebGL2RenderingContext): void {
    this.map = map
    const part = (vertex: string, fragment: string): Part => {
      const program = linkProgram(gl, vertex, fragment)
      return { program, uniforms: uniformsOf(gl, program, UNIFORMS) }
    }
    this.parts = {
      ring: part(RING_VERTEX, RING_FRAGMENT),
      shaft: part(SHAFT_VERTEX, SHAFT_FRAGMENT),
      sign: part(SIGN_VERTEX, SIGN_FRAGMENT),
    }
    this.vertexArray = gl.createVertexArray()
    gl.bindVertexArray(this.vertexArray)
    this.buffer = gl.createBuffer()
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer)
    for (const location of [0, 1]) {
      gl.enableVertexAttribArray(location)
      gl.vertexAttribPointer(location, 4, gl.FLOAT, false, 32, location * 16)
      gl.vertexAttribDivisor(location, 1)
    }
    gl.bindVertexArray(null)
    this.signs = uploadSigns(gl)
  }

  onRemove(_map: MapLibreMap, gl: WebGL2RenderingContext): void {
    for (const part of Object.values(this.parts ?? {})) gl.deleteProgram(part.program)
    gl.deleteVertexArray(this.vertexArray)
    gl.deleteBuffer(this.buffer)
    gl.deleteTexture(this.signs)
    this.map = null
  }

  render(gl: WebGL2RenderingContext, input: CustomRenderMethodInput): void {
    const { map, parts } = this
    if (map === null || parts === null || !this.pulsing) return
    const matrix = multiply(input.defaultProjectionData.mainMatrix, this.toMercator)
    this.lastMatrix = matrix
    const inverse = invert(matrix)
    this.lastLength = Math.max(SHORTEST_M, (inverse === null ? 0 : eyeOf(inverse)[2]) * 0.14)
    gl.bindVertexArray(this.vertexArray)
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer)
    gl.bufferData(gl.ARRAY_BUFFER, this.instances(), gl.DYNAMIC_DRAW)
    gl.disable(gl.CULL_FACE)
    gl.disable(gl.STENCIL_TEST)
    gl.depthMask(false)
    gl.enable(gl.BLEND)
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA)
    gl.enable(gl.DEPTH_TEST)
    gl.depthFunc(gl.LEQUAL)
    this.drawPart(gl, parts.ring, matrix, 1)
    this.drawPart(gl, parts.shaft, matrix, 1)
    // Once more through the buildings, faintly: an alarm behind a tower must not vanish.
    gl.disable(gl.DEPTH_TEST)
    this.drawPart(gl, parts.shaft, matrix, 0.28)
    gl.activeTexture(gl.TEXTURE0)
    gl.bindTexture(gl.TEXTURE_2D, this.signs)
    this.drawPart(gl, parts.sign, matrix, 1)
    gl.bindVertexArray(null)
    gl.depthMask(true)
  }

  /** The alarm whose sign lies under a point of the screen (CSS pixels), or null. */
  markAt(x: number, y: number, reachPx: number): number | null {
    if (this.lastMatrix === null || !this.pulsing || this.map === null) return null
    const reach = SIGN_SIZE_PX * this.scale * 0.9 + reachPx * 0.5
    for (const mark of this.marks) {
      const at = this.signPosition(mark)
      if (at !== null && Math.hypot(at[0] - x, at[1] - y) <= reach) return mark.alarm
    }
    return null
  }

  private signPosition(mark: AlarmMark): [number, number] | null {
    const { clientWidth, clientHeight } = this.map!.getContainer()
    const [x, y] = toLocal(this.frame, [mark.lon, mark.lat])
    const [px, py, , w] = transform(this.lastMatrix!, x, y, mark.heightM + this.lastLength, 1)
    if (w <= 0) return null
    return [(px / w + 1) * 0.5 * clientWidth, (1 - py / w) * 0.5 * clientHeight - SIGN_SIZE_PX * this.scale * 0.9]
  }

  private instances(): Float32Array {
    const data = new Float32Array(this.marks.length * 8)
    // Least urgent first: the most urgent sign is drawn over the others.
    this.marks.toReversed().forEach((mark, index) => {
      const [x, y] = toLocal(this.frame, [mark.lon, mark.lat])
      const phase = (mark.alarm * 0.37) % 1
      const picked = mark.alarm === this.picked ? 1 : 0
      data.set([x, y, mark.heightM, this.lastLength, mark.severity - 1, phase, picked, 0], index * 8)
    })
    return data
  }

  private drawPart(gl: WebGL2RenderingContext, { program, uniforms: u }: Part, matrix: Float64Array, strength: number): void {
    const { clientWidth, clientHeight } = this.map!.getContainer()
    gl.useProgram(program)
    gl.uniformMatrix4fv(u.u_matrix, false, Float32Array.from(matrix))
    gl.uniform2f(u.u_pixel, 2 / clientWidth, 2 / clientHeight)
    gl.uniform1f(u.u_time, (performance.now() / 1000) % 1000)
    gl.uniform1f(u.u_calm, this.calm() ? 1 : 0)
    gl.uniform1f(u.u_strength, strength)
    gl.uniform1f(u.u_size, SIGN_SIZE_PX * this.scale)
    gl.uniform1i(u.u_signs, 0)
    const colours = SEVERITIES.flatMap((severity) => rgbOf(SEVERITY_COLOUR[severity]).map((value) => value / 255))
    gl.uniform3fv(u['u_severity[0]'], colours)
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, this.marks.length)
  }
}

function uploadSigns(gl: WebGL2RenderingContext): WebGLTexture {
  const texture = gl.createTexture()
  gl.bindTexture(gl.TEXTURE_2D, texture)
  gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false)
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true)
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, gl.RGBA, gl.UNSIGNED_BYTE, drawSigns())
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false)
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR_MIPMAP_LINEAR)
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.LINEAR)
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE)
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE)
  gl.generateMipmap(gl.TEXTURE_2D)
  return texture
}
