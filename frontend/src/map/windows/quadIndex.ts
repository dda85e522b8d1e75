/** Corners of quads in the order in which two triangles need them, shared by all tiles. */
export class QuadIndex {
  private vertexArray: WebGLVertexArrayObject | null = null
  private buffer: WebGLBuffer | null = null
  private capacity = 0

  /** Bind an index for at least `count` quads. */
  bind(gl: WebGL2RenderingContext, count: number): void {
    this.vertexArray ??= gl.createVertexArray()
    gl.bindVertexArray(this.vertexArray)
    if (count <= this.capacity) return
    this.capacity = Math.max(4096, 2 ** Math.ceil(Math.log2(count)))
    this.buffer ??= gl.createBuffer()
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.buffer)
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, quadIndices(this.capacity), gl.STATIC_DRAW)
  }

  /** Draw `count` quads from number `first` on; the shader sees vertex numbers 4 * quad + corner. */
  draw(gl: WebGL2RenderingContext, first: number, count: number): void {
    gl.drawElements(gl.TRIANGLES, count * 6, gl.UNSIGNED_INT, first * 24)
  }

  free(gl: WebGL2RenderingContext): void {
    gl.deleteVertexArray(this.vertexArray)
    gl.deleteBuffer(this.buffer)
    this.vertexArray = this.buffer = null
    this.capacity = 0
  }
}

/** Corners 0 1 2 3 of each quad as the triangles 0 1 2 and 2 1 3, counter-clockwise from outside. */
export function quadIndices(count: number): Uint32Array {
  const indices = new Uint32Array(count * 6)
  for (let quad = 0; quad < count; quad++) {
    const corner = quad * 4
    indices.set([corner, corner + 1, corner + 2, corner + 2, corner + 1, corner + 3], quad * 6)
  }
  return indices
}
