/** Where a text lies in the atlas: texture coordinates, and its size on the screen in CSS pixels. */
export interface Plate {
  readonly u0: number
  readonly v0: number
  readonly u1: number
  readonly v1: number
  readonly width: number
  readonly height: number
}

const SIDE = 2048
const HALO_PX = 3

/** Texts drawn once each into one picture, with the fonts of the machine. */
export class NameAtlas {
  /** Rises with each text that is added: the copy on the card is behind. */
  revision = 0
  readonly canvas = document.createElement('canvas')
  private readonly context: CanvasRenderingContext2D
  private readonly plates = new Map<string, Plate>()
  private x = 0
  private y = 0

  /** `fontPx`: CSS pixels; `density`: device pixels in one of them. */
  constructor(private readonly font: string, private readonly fontPx: number, private readonly density: number) {
    this.canvas.width = this.canvas.height = SIDE
    const context = this.canvas.getContext('2d')
    if (context === null) throw new Error('no 2D drawing context')
    this.context = context
    this.prepare()
  }

  plate(text: string): Plate {
    return this.plates.get(text) ?? this.add(text)
  }

  private get lineHeight(): number {
    return Math.ceil((this.fontPx * 1.3 + HALO_PX * 2) * this.density)
  }

  private prepare(): void {
    const { context } = this
    context.font = `600 ${this.fontPx * this.density}px ${this.font}`
    context.textBaseline = 'middle'
    context.lineJoin = 'round'
    context.lineWidth = HALO_PX * 1.4 * this.density
    context.strokeStyle = 'rgba(3, 12, 26, 0.92)'
    context.fillStyle = '#e8f4ff'
  }

  private add(text: string): Plate {
    const width = Math.min(SIDE, Math.ceil(this.context.measureText(text).width + HALO_PX * 2 * this.density))
    if (this.x + width > SIDE) {
      this.x = 0
      this.y += this.lineHeight
    }
    if (this.y + this.lineHeight > SIDE) this.clear()
    const middle = this.y + this.lineHeight / 2
    const left = this.x + HALO_PX * this.density
    this.context.strokeText(text, left, middle)
    this.context.fillText(text, left, middle)
    const plate = {
      u0: this.x / SIDE, v0: this.y / SIDE, u1: (this.x + width) / SIDE, v1: (this.y + this.lineHeight) / SIDE,
      width: width / this.density, height: this.lineHeight / this.density,
    }
    this.plates.set(text, plate)
    this.x += width
    this.revision++
    return plate
  }

  /** Full: begin anew. What is still wanted is drawn again as it is asked for. */
  private clear(): void {
    this.context.clearRect(0, 0, SIDE, SIDE)
    this.plates.clear()
    this.x = this.y = 0
  }
}
