import type { CustomLayerInterface, CustomRenderMethodInput, Map as MapLibreMap } from 'maplibre-gl'
import { frameMatrix, localFrame, toLocal } from '@/geo/frame'
import { multiply } from '@/geo/matrix'
import type { Bbox } from '@/geo/mercator'
import { linkProgram, uniformsOf, type Uniforms } from './gl/program'

const UNIFORMS = ['u_matrix', 'u_half', 'u_extent'] as const

const VERTEX = `#version 300 es
precision highp float;
uniform mat4 u_matrix;
uniform float u_extent;
out vec2 v_at;
void main() {
  vec2 corner = vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1)) * 2.0 - 1.0;
  v_at = corner * u_extent;
  gl_Position = u_matrix * vec4(v_at, 0.0, 1.0);
}`

/** A surveyor's grid that glows around the community and loses itself in the distance. */
const FRAGMENT = `#version 300 es
precision highp float;
in vec2 v_at;
uniform vec2 u_half;
out vec4 o_colour;
float lines(vec2 at, float step_) {
  vec2 cell = at / step_;
  vec2 w = fwidth(cell);
  vec2 d = abs(fract(cell - 0.5) - 0.5);
  vec2 line = (1.0 - smoothstep(vec2(0.0), w * 1.3, d)) * clamp(1.2 - w * 7.0, 0.0, 1.0);
  return max(line.x, line.y);
}
void main() {
  vec2 beyond = max(abs(v_at) - u_half, 0.0);
  float away = length(beyond);
  float near = exp(-away / 480.0);
  float grid = lines(v_at, 50.0) * 0.07 * near + lines(v_at, 250.0) * 0.16 * sqrt(near);
  // Darkness closes in around the community, whatever lies there.
  float dark = 0.80 * (1.0 - near);
  vec3 colour = vec3(0.016, 0.045, 0.095) * dark + vec3(0.12, 0.34, 0.60) * grid;
  o_colour = vec4(colour, dark);
}`

/** A veil over the ground; it has no data, only the community's outline box. */
export class GroundLayer implements CustomLayerInterface {
  readonly id = 'ground-grid'
  readonly type = 'custom' as const
  readonly renderingMode = '2d' as const
  private program: WebGLProgram | null = null
  private uniforms: Uniforms<(typeof UNIFORMS)[number]> | null = null
  private vertexArray: WebGLVertexArrayObject | null = null
  private readonly toMercator: Float64Array
  private readonly half: readonly [number, number]

  constructor(bbox: Bbox) {
    const frame = localFrame([(bbox[0] + bbox[2]) / 2, (bbox[1] + bbox[3]) / 2])
    this.toMercator = frameMatrix(frame)
    this.half = toLocal(frame, [bbox[2], bbox[3]])
  }

  onAdd(_map: MapLibreMap, gl: WebGL2RenderingContext): void {
    this.program = linkProgram(gl, VERTEX, FRAGMENT)
    this.uniforms = uniformsOf(gl, this.program, UNIFORMS)
    this.vertexArray = gl.createVertexArray()
  }

  onRemove(_map: MapLibreMap, gl: WebGL2RenderingContext): void {
    gl.deleteProgram(this.program)
    gl.deleteVertexArray(this.vertexArray)
  }

  render(gl: WebGL2RenderingContext, input: CustomRenderMethodInput): void {
    const u = this.uniforms
    if (u === null) return
    gl.useProgram(this.program)
    gl.bindVertexArray(this.vertexArray)
    const matrix = multiply(input.defaultProjectionData.mainMatrix, this.toMercator)
    gl.uniformMatrix4fv(u.u_matrix, false, Float32Array.from(matrix))
    gl.uniform2f(u.u_half, this.half[0], this.half[1])
    gl.uniform1f(u.u_extent, Math.max(...this.half) + 12_000)
    gl.disable(gl.CULL_FACE)
    gl.disable(gl.DEPTH_TEST)
    gl.disable(gl.STENCIL_TEST)
    gl.enable(gl.BLEND)
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA)
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4)
    gl.bindVertexArray(null)
  }
}
