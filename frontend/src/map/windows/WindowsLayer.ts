import type { CustomLayerInterface, CustomRenderMethodInput, Map as MapLibreMap } from 'maplibre-gl'
import { distanceToBox, eyeOf, outsideView } from '@/geo/frustum'
import { frameMatrix, localFrame, toLonLat } from '@/geo/frame'
import { invert, multiply, transform } from '@/geo/matrix'
import type { Bbox } from '@/geo/mercator'
import type { TileAddress } from '@/geo/tile'
import { DWELLING_ESTIMATED } from '@/geo/panelFile'
import { flagsOf, FLAG, type DwellingFacts } from '@/layers/dwellingStates'
import { PALETTE, rgbOf, SEVERITIES, SEVERITY_COLOUR } from '@/layers/palette'
import { linkProgram, uniformsOf, type Uniforms } from '../gl/program'
import { FRAGMENT_SHADER, VERTEX_SHADER } from './shaders'
import { QuadIndex } from './quadIndex'
import type { TileMesh } from './tileMesh'
import { TileStore } from './tileStore'
import { tilesInView, windowReach, type View } from './tilesInView'

const UNIFORMS = [
  'u_matrix', 'u_walls', 'u_state', 'u_push', 'u_eye', 'u_light', 'u_time', 'u_calm', 'u_arrival', 'u_body', 'u_fog',
  'u_fogRange', 'u_severity[0]', 'u_selected', 'u_quiet',
] as const
/** A tile fades in over this time. */
const ARRIVAL_MS = 350

export interface WindowsOptions {
  readonly id: string
  readonly bbox: Bbox
  readonly zoom: number
  readonly url: (tile: TileAddress, version: number) => string
  readonly versionOf: (tile: TileAddress) => number
  readonly calm: () => boolean
  /** The walls of a tile are here; the same tile may come again with other walls. */
  readonly appeared?: (mesh: TileMesh) => void
  readonly vanished?: (mesh: TileMesh) => void
}

/** The tint of a dwelling (`tintOf`) in a facade mode, or null for one that stays dark. */
export type TintOf = (dwelling: number) => number | null

/** The facade of every dwelling near the camera: wall panels, drawn with windows. */
export class WindowsLayer implements CustomLayerInterface {
  readonly id: string
  readonly type = 'custom' as const
  readonly renderingMode = '3d' as const
  /** The matrix of the last frame, mercator units to clip space; picking uses what was drawn. */
  lastMatrix: Float64Array | null = null
  /** Where the camera was then: longitude, latitude, metres above ground. */
  lastEye: View['eye'] | null = null
  /** True when the last frame drew a window that moves. */
  pulsing = false
  visible = true
  readonly tiles: TileStore
  private map: MapLibreMap | null = null
  private program: WebGLProgram | null = null
  private uniforms: Uniforms<(typeof UNIFORMS)[number]> | null = null
  private facts: DwellingFacts = { selected: null, hovered: null, alarms: new Map(), spotlightBuilding: null }
  private drawn: readonly TileMesh[] = []
  private marked = new Set<number>()
  private quads: QuadIndex | null = null
  private gl: WebGL2RenderingContext | null = null
  private tint: TintOf | null = null

  constructor(private readonly options: WindowsOptions) {
    this.id = options.id
    this.tiles = new TileStore({
      url: options.url,
      versionOf: options.versionOf,
      changed: (mesh) => {
        if (mesh !== null) {
          options.appeared?.(mesh)
          this.paintAll(mesh)
        }
        this.map?.triggerRepaint()
      },
      dropped: (mesh) => {
        options.vanished?.(mesh)
        if (this.gl !== null) mesh.free(this.gl)
      },
    })
  }

  /** The tiles drawn in the last frame, for picking. */
  get drawnTiles(): readonly TileMesh[] {
    return this.drawn
  }

  onAdd(map: MapLibreMap, gl: WebGL2RenderingContext): void {
    this.map = map
    this.gl = gl
    // Called again after a lost context, with everything on the card gone.
    for (const mesh of this.tiles.meshes()) mesh.lose()
    this.program = linkProgram(gl, VERTEX_SHADER, FRAGMENT_SHADER)
    this.uniforms = uniformsOf(gl, this.program, UNIFORMS)
    this.quads = new QuadIndex()
  }

  onRemove(_map: MapLibreMap, gl: WebGL2RenderingContext): void {
    for (const mesh of this.tiles.meshes()) mesh.free(gl)
    gl.deleteProgram(this.program)
    this.quads?.free(gl)
    this.program = null
    this.map = null
    this.gl = null
  }

  /** Change what is known; only the windows whose bytes change are written. */
  get alarmedDwellings(): number[] {
    return [...this.facts.alarms.keys()]
  }

  setFacts(facts: DwellingFacts): void {
    const spotlightMoved = facts.spotlightBuilding !== this.facts.spotlightBuilding
    this.facts = facts
    const now = new Set(facts.alarms.keys())
    for (const one of [facts.selected, facts.hovered]) if (one !== null) now.add(one)
    for (const mesh of this.tiles.meshes()) {
      if (spotlightMoved) this.paintAll(mesh)
      else for (const id of new Set([...this.marked, ...now])) this.paint(mesh, mesh.indexOf.get(id))
    }
    this.marked = now
    this.map?.triggerRepaint()
  }

  /** The bytes with which a dwelling's windows are drawn, or null where they are not on the map. */
  stateOf(dwelling: number): { readonly tint: number; readonly flags: number } | null {
    for (const mesh of this.tiles.meshes()) {
      const index = mesh.indexOf.get(dwelling)
      if (index !== undefined) return mesh.stateOf(index)
    }
    return null
  }

  /** Draw the windows in a facade mode, or by lamplight again: null. */
  setTint(tint: TintOf | null): void {
    this.tint = tint
    for (const mesh of this.tiles.meshes()) this.paintAll(mesh)
    this.map?.triggerRepaint()
  }

  /** The tints of these tiles, or of these dwellings, are others now. */
  repaint({ meshes = [], dwellings = [] }: { meshes?: Iterable<TileMesh>; dwellings?: readonly number[] }): void {
    for (const mesh of meshes) this.paintAll(mesh)
    if (dwellings.length > 0) {
      for (const mesh of this.tiles.meshes()) for (const id of dwellings) this.paint(mesh, mesh.indexOf.get(id))
    }
    this.map?.triggerRepaint()
  }

  render(gl: WebGL2RenderingContext, input: CustomRenderMethodInput): void {
    const { map, program } = this
    if (map === null || program === null) return
    const mercatorToClip = Float64Array.from(input.defaultProjectionData.mainMatrix)
    this.lastMatrix = mercatorToClip
    const focalPx = map.getContainer().clientHeight / 2 / Math.tan(input.fov / 2)
    const view = this.viewOf(mercatorToClip, focalPx)
    this.drawn = view === null || !this.visible ? [] : this.tiles.want(tilesInView(view, this.options.bbox, this.options.zoom))
    this.pulsing = false
    if (this.drawn.length === 0) return
    this.prepare(gl, program, focalPx)
    let arriving = false
    for (const mesh of this.drawn) arriving = this.drawTile(gl, mesh, mercatorToClip) || arriving
    gl.bindVertexArray(null)
    if (arriving) map.triggerRepaint()
  }

  private viewOf(mercatorToClip: Float64Array, focalPx: number): View | null {
    const { lng, lat } = this.map!.getCenter()
    const frame = localFrame([lng, lat])
    const inverse = invert(multiply(mercatorToClip, frameMatrix(frame)))
    if (inverse === null) return null
    const [x, y, height] = eyeOf(inverse)
    this.lastEye = [...toLonLat(frame, x, y), height]
    return { mercatorToClip, eye: this.lastEye, focalPx }
  }

  private prepare(gl: WebGL2RenderingContext, program: WebGLProgram, focalPx: number): void {
    const u = this.uniforms!
    gl.useProgram(program)
    gl.enable(gl.DEPTH_TEST)
    gl.depthFunc(gl.LEQUAL)
    gl.depthMask(true)
    gl.enable(gl.CULL_FACE)
    gl.cullFace(gl.BACK)
    gl.frontFace(gl.CCW)
    gl.disable(gl.BLEND)
    gl.disable(gl.STENCIL_TEST)
    gl.uniform1i(u.u_walls, 0)
    gl.uniform1i(u.u_state, 1)
    gl.uniform3f(u.u_light, -0.55, -0.7, 0.45)
    gl.uniform1f(u.u_time, (performance.now() / 1000) % 1000)
    gl.uniform1f(u.u_calm, this.options.calm() ? 1 : 0)
    // Tiles of the plain buildings are rounded to their grid, more coarsely from afar: stand clear of it.
    const zoom = this.map!.getZoom()
    gl.uniform1f(u.u_push, zoom >= 16.5 ? 0.14 : zoom >= 15.5 ? 0.28 : 0.5)
    const colour = (hex: string): number[] => rgbOf(hex).map((value) => value / 255)
    gl.uniform3fv(u.u_body, colour(PALETTE.wall))
    gl.uniform3fv(u.u_fog, colour(PALETTE.horizon))
    gl.uniform3fv(u.u_selected, colour(PALETTE.selected))
    gl.uniform1f(u.u_quiet, this.tint === null ? 0 : 1)
    gl.uniform3fv(u['u_severity[0]'], SEVERITIES.flatMap((severity) => colour(SEVERITY_COLOUR[severity])))
    const reach = windowReach(focalPx)
    gl.uniform2f(u.u_fogRange, reach * 0.35, reach * 1.5)
  }

  /** Draw one tile's visible chunks. Returns true while it still fades in. */
  private drawTile(gl: WebGL2RenderingContext, mesh: TileMesh, mercatorToClip: Float64Array): boolean {
    const matrix = multiply(mercatorToClip, mesh.toMercator)
    const inverse = invert(matrix)
    const eye: readonly [number, number, number] = inverse === null ? [0, 0, 0] : eyeOf(inverse)
    // Nearest first: what they hide then costs next to nothing.
    const chunks = mesh.walls.chunks
      .filter((chunk) => !outsideView(matrix, chunk.box))
      .map((chunk) => ({ chunk, away: distanceToBox(...eye, chunk.box) }))
      .sort((a, b) => a.away - b.away)
    if (chunks.length === 0) return false
    const now = performance.now()
    mesh.firstDrawn ??= now
    const arrival = this.options.calm() ? 1 : Math.min(1, (now - mesh.firstDrawn) / ARRIVAL_MS)
    mesh.bind(gl)
    this.quads!.bind(gl, mesh.walls.count)
    const u = this.uniforms!
    gl.uniformMatrix4fv(u.u_matrix, false, Float32Array.from(matrix))
    gl.uniform3f(u.u_eye, ...eye)
    gl.uniform1f(u.u_arrival, arrival)
    for (const { chunk } of chunks) this.quads!.draw(gl, chunk.first, chunk.count)
    if (!this.pulsing) this.pulsing = this.hasAlarmIn(mesh)
    return arrival < 1
  }

  private hasAlarmIn(mesh: TileMesh): boolean {
    for (const dwelling of this.facts.alarms.keys()) if (mesh.indexOf.has(dwelling)) return true
    return false
  }

  private paintAll(mesh: TileMesh): void {
    for (let index = 0; index < mesh.file.dwellingIds.length; index++) this.paint(mesh, index)
  }

  private paint(mesh: TileMesh, index: number | undefined): void {
    if (index === undefined) return
    const { file } = mesh
    const building = file.buildingIds[file.buildingIndex[index]!]!
    const estimated = (file.flags[index]! & DWELLING_ESTIMATED) !== 0
    const dwelling = file.dwellingIds[index]!
    const tint = this.tint?.(dwelling) ?? null
    const flags = flagsOf(dwelling, building, estimated, this.facts) | (tint === null ? 0 : FLAG.tinted)
    mesh.setState(index, tint ?? 0, flags)
  }
}

/** Where a point at a height lands, in normalised device coordinates, or null behind the camera. */
export function toDevice(matrix: Float64Array, x: number, y: number, z: number): [number, number] | null {
  const [px, py, , w] = transform(matrix, x, y, z, 1)
  return w > 0 ? [px / w, py / w] : null
}
