import { describe, expect, test } from 'vitest'
import { formatAddress, parseAddress } from '@/state/address'

const CAMERA = { lon: 113.94, lat: 22.53, zoom: 17.25, bearing: -24, pitch: 56 }

const NOTHING = { community: null, camera: null, selection: null, facade: null, only: null }

describe('the address', () => {
  test('brings back what it was made of', () => {
    const address = { community: 2, camera: CAMERA, selection: { kind: 'dwelling', id: 123 }, facade: 'tag-12', only: 'guest_house' } as const
    expect(parseAddress(formatAddress(address))).toEqual(address)
  })

  test('of nothing is empty', () => {
    expect(formatAddress(NOTHING)).toBe('')
    expect(parseAddress('')).toEqual(NOTHING)
  })

  test.each(['at=1,2,3', 'at=a,b,c,d,e', 'at=200,2,3,4,5', 'at=1,2,3,4,89', 'at=,,,,'])('leaves out the camera of ?%s', (query) => {
    expect(parseAddress(`?${query}`).camera).toBeNull()
  })

  test.each(['sel=planet:1', 'sel=dwelling', 'sel=dwelling:x', 'sel=dwelling:-1', 'community=zero'])('leaves out %s', (query) => {
    const { selection, community } = parseAddress(`?${query}`)
    expect([selection, community]).toEqual([null, null])
  })

  test.each(['facade=', 'facade=a/b', 'facade=%22%3E', `facade=${'a'.repeat(61)}`])('leaves out %s', (query) => {
    expect(parseAddress(`?${query}`).facade).toBeNull()
  })

  test('names no category without a mode', () => {
    expect(formatAddress({ ...NOTHING, only: 'let' })).toBe('')
  })
})
