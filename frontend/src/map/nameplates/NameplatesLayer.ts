import type { CustomLayerInterface, CustomRenderMethodInput, Map as MapLibreMap } from 'maplibre-gl'
import { eyeOf } from '@/geo/frustum'
import { invert, multiply, transform } from '@/geo/matrix'
import { BUILDING_NAMES_FROM_ZOOM, FONTS } from '@/layers/dress/context'
import { linkProgram } from '../gl/program'
import type { Obstacles } from '../obstacles'
import { NameAtlas, type Plate } from './atlas'
import { withoutOverlap, type Wanted } from './placing'

const VERTEX = `#version 300 es
layout(location=0) in vec4 a_corner;   // device x y, texture u v
out vec2 v_at;
void main() { v_at = a_corner.zw; gl_Position = vec4(a_corner.xy, 0.0, 1.0); }`
const FRAGMENT = `#version 300 es
precision mediump float;
in vec2 v_at;
uniform sampler2D u_names;
out vec4 o_colour;
void main() { o_colour = texture(u_names, v_at); }`

const FONT_PX = 12.5
/** Names are read from this near; farther they would be a crowd. */
const REACH_M = 520
/** Above the roof, so that a name does not sink into it. */
const LIFT_M = 2.5
/** How often it is asked which names are hidden or in each other's way: they stay put in between. */
const CHOOSE_MS = 160

interface Placed extends Wanted {
  readonly plate: Plate
}
interface Named {
  readonly id: number
  readonly name: string
  readonly at: readonly [number, number, number]
  readonly plate: Plate
}

/** Names of buildings above their roofs. The map engine can only put text on the ground. */
export class NameplatesLayer implements CustomLayerInterface {
  readonly id = 'building-names'
  readonly type = 'custom' as const
  readonly renderingMode = '3d' as const
  visible = true
  private map: MapLibreMap | null = null
  private program: WebGLProgram | null = null
  private vertexArray: WebGLVertexArrayObject | null = null
  private buffer: WebGLBuffer | null = null
  private texture: WebGLTexture | null = null
  private uploaded = -1
  private chosen: readonly Named[] = []
  private chosenAt = -Infinity
  private timer = 0
  private readonly atlas: NameAtlas

  constructor(private readonly obstacles: Obstacles, private readonly scale: number) {
    const family = FONTS.map((name) => (name === 'sans-serif' ? name : `"${name}"`)).join(', ')
    this.atlas = new NameAtlas(family, FONT_PX * scale, Math.min(2, devicePixelRatio || 1))
  }

  onAdd(map: MapLibreMap, gl: WebGL2RenderingContext): void {
    this.map = map
    this.program = linkProgram(gl, VERTEX, FRAGMENT)
    this.vertexArray = gl.createVertexArray()
    gl.bindVertexArray(this.vertexArray)
    this.buffer = gl.createBuffer()
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer)
    gl.enableVertexAttribArray(0)
    gl.vertexAttribPointer(0, 4, gl.FLOAT, false, 16, 0)
    gl.bindVertexArray(null)
    this.texture = gl.createTexture()
    this.uploaded = -1
  }

  onRemove(_map: MapLibreMap, gl: WebGL2RenderingContext): void {
    clearTimeout(this.timer)
    gl.deleteProgram(this.program)
    gl.deleteVertexArray(this.vertexArray)
    gl.deleteBuffer(this.buffer)
    gl.deleteTexture(this.texture)
    this.map = null
  }

  render(gl: WebGL2RenderingContext, input: CustomRenderMethodInput): void {
    const { map } = this
    if (map === null || !this.visible || map.getZoom() - Math.log2(this.scale) < BUILDING_NAMES_FROM_ZOOM) return
    const matrix = multiply(input.defaultProjectionData.mainMatrix, this.obstacles.toMercator)
    this.chooseInTime(matrix)
    const corners = this.chosen.flatMap((name) => this.quad(name, matrix) ?? [])
    if (corners.length === 0) return
    gl.useProgram(this.program)
    gl.bindVertexArray(this.vertexArray)
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer)
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array(corners), gl.DYNAMIC_DRAW)
    gl.activeTexture(gl.TEXTURE0)
    gl.bindTexture(gl.TEXTURE_2D, this.texture)
    if (this.uploaded !== this.atlas.revision) this.upload(gl)
    gl.disable(gl.CULL_FACE)
    gl.disable(gl.DEPTH_TEST)
    gl.disable(gl.STENCIL_TEST)
    gl.enable(gl.BLEND)
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA)
    gl.drawArrays(gl.TRIANGLES, 0, corners.length / 4)
    gl.bindVertexArray(null)
  }

  /** Choose anew now and then; once more after the last frame of a movement, so that the end is right. */
  private chooseInTime(matrix: Float64Array): void {
    const wait = this.chosenAt + CHOOSE_MS - performance.now()
    if (wait <= 0) {
      this.chosenAt = performance.now()
      if (this.obstacles.refresh()) this.map!.triggerRepaint()
      else this.chosen = this.choose(matrix)
    } else if (this.timer === 0 && this.map!.isMoving()) {
      this.timer = window.setTimeout(() => {
        this.timer = 0
        this.map?.triggerRepaint()
      }, wait + 1)
    }
  }

  private choose(matrix: Float64Array): Named[] {
    const inverse = invert(matrix)
    if (inverse === null) return []
    const eye = eyeOf(inverse)
    const near = this.obstacles.named()
      .map((one) => ({ ...one, away: Math.hypot(one.at[0] - eye[0], one.at[1] - eye[1], one.at[2] - eye[2]) }))
      .filter(({ away, name }) => name !== '' && away < REACH_M * this.scale)
      .sort((a, b) => a.away - b.away)
    const wanted = near.flatMap(({ id, name, at }) => {
      const placed = this.place({ id, name, at, plate: this.atlas.plate(name) }, matrix)
      return placed === null ? [] : [{ ...placed, named: { id, name, at, plate: placed.plate } }]
    })
    return withoutOverlap(wanted.filter(({ named }) => !this.hidden(named, eye))).map(({ named }) => named)
  }

  /** True when another building stands between the eye and the name. */
  private hidden({ id, at }: Named, eye: readonly [number, number, number]): boolean {
    const direction = [at[0] - eye[0], at[1] - eye[1], at[2] + LIFT_M - eye[2]] as const
    return this.obstacles.hits({ origin: eye, direction }).some((hit) => hit.t < 1 && hit.building !== id)
  }

  private place({ id, at, plate }: Named, matrix: Float64Array): Placed | null {
    const { clientWidth, clientHeight } = this.map!.getContainer()
    const [px, py, , w] = transform(matrix, at[0], at[1], at[2] + LIFT_M, 1)
    if (w <= 0 || Math.abs(px) > w * 1.1 || Math.abs(py) > w * 1.1) return null
    // Whole pixels keep the letters sharp.
    const x = Math.round(((px / w + 1) / 2) * clientWidth)
    const y = Math.round(((1 - py / w) / 2) * clientHeight)
    return { id, x, y, width: plate.width, height: plate.height, plate }
  }

  private quad(name: Named, matrix: Float64Array): number[] | null {
    const placed = this.place(name, matrix)
    if (placed === null) return null
    const { clientWidth, clientHeight } = this.map!.getContainer()
    const { x, y, width, height, plate } = placed
    const left = (2 * Math.round(x - width / 2)) / clientWidth - 1
    const right = left + (2 * width) / clientWidth
    const bottom = 1 - (2 * y) / clientHeight
    const top = bottom + (2 * height) / clientHeight
    const { u0, v0, u1, v1 } = plate
    // prettier-ignore
    return [
      left, bottom, u0, v1, right, bottom, u1, v1, left, top, u0, v0,
      left, top, u0, v0, right, bottom, u1, v1, right, top, u1, v0,
    ]
  }

  private upload(gl: WebGL2RenderingContext): void {
    gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false)
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true)
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, gl.RGBA, gl.UNSIGNED_BYTE, this.atlas.canvas)
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false)
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR)
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.LINEAR)
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE)
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE)
    this.uploaded = this.atlas.revision
  }
}
