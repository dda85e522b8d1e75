import decodeQR from 'qr/decode.js'
import { expect, it } from 'vitest'
import { createSSRApp } from 'vue'
import { renderToString } from 'vue/server-renderer'
import QrCode from '@/panels/base/QrCode.vue'

const SCALE = 4

/** The drawn squares as a camera sees them: RGBA, black on white. */
function photographed(svg: string): { width: number; height: number; data: Uint8Array } {
  const side = Number(/viewBox="0 0 (\d+)/i.exec(svg)?.[1]) * SCALE
  const data = new Uint8Array(side * side * 4).fill(255)
  for (const [, x, y] of svg.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
    for (let n = 0; n < SCALE * SCALE; n++) {
      const at = (Number(y) * SCALE + Math.floor(n / SCALE)) * side + Number(x) * SCALE + (n % SCALE)
      data.fill(0, at * 4, at * 4 + 3)
    }
  }
  return { width: side, height: side, data }
}

it('reads as what it was drawn of', async () => {
  const text = 'https://twin.example/r/#AbCdEfGhIjKlMnOpQrStUvWxYz012345'
  const svg = await renderToString(createSSRApp(QrCode, { text, label: 'code' }))
  expect(decodeQR(photographed(svg))).toBe(text)
})
