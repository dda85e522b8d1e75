import { describe, expect, test } from 'vitest'
import { formatAddress, parseAddress } from '@/state/address'

const CAMERA = { lon: 113.94, lat: 22.53, zoom: 17.25, bearing: -24, pitch: 56 }

describe('the address', () => {
  test('brings back what it was made of', () => {
    const address = { community: 2, camera: CAMERA, selection: { kind: 'dwelling', id: 123 } } as const
    expect(parseAddress(formatAddress(address))).toEqual(address)
  })

  test('of nothing is empty', () => {
    expect(formatAddress({ community: null, camera: null, selection: null })).toBe('')
    expect(parseAddress('')).toEqual({ community: null, camera: null, selection: null })
  })

  test.each(['at=1,2,3', 'at=a,b,c,d,e', 'at=200,2,3,4,5', 'at=1,2,3,4,89', 'at=,,,,'])('leaves out the camera of ?%s', (query) => {
    expect(parseAddress(`?${query}`).camera).toBeNull()
  })

  test.each(['sel=planet:1', 'sel=dwelling', 'sel=dwelling:x', 'sel=dwelling:-1', 'community=zero'])('leaves out %s', (query) => {
    const { selection, community } = parseAddress(`?${query}`)
    expect([selection, community]).toEqual([null, null])
  })
})
