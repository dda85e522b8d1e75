import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { applyRecoloured, categoryOf, chooseFacade, chosenFacade, facadeCounts, facadeMode, loadFacadeModes, onlyCategory, renewFacade, tileAppeared, tileVanished, toggleCategory } from '@/state/facades'

const words = (zh: string) => ({ zh, en: zh })
const mode = (name: string, about: string, ...keys: string[]) => ({
  name, about, title: words(name), group: words('组'), rest: words('其余'),
  categories: keys.map((key) => ({ key, label: words(key), colour: '#4cc3ff', pattern: 'plain' })),
})
const MODES = [mode('use', 'use', 'own', 'let'), mode('alarms', 'alarms', '1', '2')]
const TILE = { key: '5/6', ids: [10, 11], has: (id: number) => id === 10 || id === 11 }

let answers: Record<string, unknown>
let asked: string[]

beforeEach(async () => {
  vi.useFakeTimers()
  asked = []
  answers = {
    '/layers/7/facades/': { facades: MODES },
    '/layers/7/facades/use/': { name: 'use', homes: 9, counts: { own: 2, let: 1 } },
    '/layers/7/facades/alarms/': { name: 'alarms', homes: 9, counts: { 1: 0, 2: 0 } },
    '/layers/7/facades/use/homes/?tiles=5/6': { homes: { own: [10] } },
    '/layers/7/facades/alarms/homes/?tiles=5/6': { homes: {} },
  }
  vi.stubGlobal('fetch', (path: string) => {
    asked.push(path)
    const body = answers[path]
    return Promise.resolve(new Response(JSON.stringify(body ?? {}), { status: body === undefined ? 404 : 200 }))
  })
  await loadFacadeModes(7)
})
afterEach(() => {
  chooseFacade(null)
  tileVanished(TILE)
  vi.unstubAllGlobals()
  vi.useRealTimers()
})
const settle = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)

describe('a chosen mode', () => {
  test('colours the homes on the map and counts them', async () => {
    tileAppeared(TILE)
    chooseFacade('use')
    await settle()
    expect(categoryOf(10)?.key).toBe('own')
    expect(categoryOf(11)).toBeNull()
    expect(facadeCounts.value?.homes).toBe(9)
  })

  test('given by an address waits until it is known that there is such a mode', async () => {
    chooseFacade('use', 'let')
    expect(chosenFacade()).toEqual({ name: 'use', only: 'let' })
    await loadFacadeModes(7)
    expect(facadeMode.value?.name).toBe('use')
    expect(onlyCategory.value).toBe('let')
    chooseFacade('nonsense')
    await loadFacadeModes(7)
    expect(chosenFacade()).toEqual({ name: null, only: null })
  })

  test('forgets a category that it does not have', () => {
    chooseFacade('alarms', 'let')
    expect(onlyCategory.value).toBeNull()
  })

  test('shows one category alone, and all of them after the same again', () => {
    chooseFacade('use')
    toggleCategory('let')
    expect(onlyCategory.value).toBe('let')
    toggleCategory('let')
    expect(onlyCategory.value).toBeNull()
  })

  test('ends when the right to it has ended', async () => {
    chooseFacade('use')
    await settle()
    delete answers['/layers/7/facades/use/']
    renewFacade()
    await settle(2000)
    expect(facadeMode.value).toBeNull()
  })
})

describe('live news', () => {
  beforeEach(async () => {
    tileAppeared(TILE)
    chooseFacade('use')
    await settle()
    asked.length = 0
  })

  test('of its subject recolour single homes and renew the counts', async () => {
    answers['/layers/7/facades/use/homes/?dwellings=11'] = { homes: { let: [11] } }
    answers['/layers/7/facades/use/'] = { name: 'use', homes: 9, counts: { own: 2, let: 2 } }
    applyRecoloured({ kind: 'recoloured', about: 'use', dwelling_ids: [11, 999] })
    await settle(2000)
    expect(categoryOf(11)?.key).toBe('let')
    expect(facadeCounts.value?.counts['let']).toBe(2)
    expect(asked).toEqual(['/layers/7/facades/use/homes/?dwellings=11', '/layers/7/facades/use/'])
  })

  test('about places concern every mode', async () => {
    answers['/layers/7/facades/use/homes/?dwellings=10'] = { homes: {} }
    applyRecoloured({ kind: 'recoloured', about: 'places', dwelling_ids: [10] })
    await settle(2000)
    expect(categoryOf(10)).toBeNull()
  })

  test('of other subjects ask nothing', async () => {
    applyRecoloured({ kind: 'recoloured', about: 'alarms', dwelling_ids: [10] })
    await settle(2000)
    expect(asked).toEqual([])
  })

  test('in a storm ask for the counts once a moment', async () => {
    for (let turn = 0; turn < 50; turn++) applyRecoloured({ kind: 'recoloured', about: 'use', dwelling_ids: [999] })
    await settle(2000)
    expect(asked).toEqual(['/layers/7/facades/use/'])
  })

  test('that may have been missed renew everything', async () => {
    answers['/layers/7/facades/use/homes/?tiles=5/6'] = { homes: { let: [10, 11] } }
    renewFacade()
    await settle(2000)
    expect([categoryOf(10)?.key, categoryOf(11)?.key]).toEqual(['let', 'let'])
  })
})
