import { SEVERITIES, SEVERITY_COLOUR } from '@/layers/palette'
import type { Severity } from '@/live/messages'

/** Edge of one sign in the atlas, in pixels. */
export const SIGN_PX = 96

/** Four signs side by side: every severity has its own shape, so that colour is not the only difference. */
export function drawSigns(): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = SIGN_PX * SEVERITIES.length
  canvas.height = SIGN_PX
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('no 2D drawing context')
  SEVERITIES.forEach((severity, index) => {
    context.save()
    context.translate((index + 0.5) * SIGN_PX, SIGN_PX / 2)
    drawSign(context, severity, SIGN_PX * 0.36)
    context.restore()
  })
  return canvas
}

function drawSign(context: CanvasRenderingContext2D, severity: Severity, radius: number): void {
  const path = outline(severity, radius)
  context.shadowColor = SEVERITY_COLOUR[severity]
  context.shadowBlur = radius * 0.28
  context.fillStyle = '#0a1426'
  context.fill(path)
  context.shadowBlur = 0
  context.lineJoin = 'round'
  context.lineWidth = radius * 0.2
  context.strokeStyle = SEVERITY_COLOUR[severity]
  context.stroke(path)
  context.fillStyle = SEVERITY_COLOUR[severity]
  context.font = `700 ${radius * 1.05}px sans-serif`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.fillText(severity <= 2 ? '!' : severity === 3 ? '?' : 'i', 0, severity === 2 ? radius * 0.22 : radius * 0.06)
}

/** 1 diamond, 2 triangle, 3 square, 4 circle; `panels/SeveritySign.vue` draws the same. */
function outline(severity: Severity, r: number): Path2D {
  const path = new Path2D()
  if (severity === 4) path.arc(0, 0, r * 0.86, 0, Math.PI * 2)
  else if (severity === 3) path.roundRect(-r * 0.8, -r * 0.8, r * 1.6, r * 1.6, r * 0.2)
  else if (severity === 1) polygon(path, [[0, -r * 1.08], [r * 1.08, 0], [0, r * 1.08], [-r * 1.08, 0]])
  else polygon(path, [[0, -r * 1.05], [r * 1.1, r * 0.9], [-r * 1.1, r * 0.9]])
  return path
}

function polygon(path: Path2D, points: readonly (readonly [number, number])[]): void {
  points.forEach(([x, y], index) => (index === 0 ? path.moveTo(x, y) : path.lineTo(x, y)))
  path.closePath()
}
