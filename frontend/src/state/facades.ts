import { computed, shallowReactive, shallowRef } from 'vue'
import { ApiError } from '@/api/client'
import {
  fetchFacadeCounts, fetchFacadeHomes, fetchFacades, type FacadeCategory, type FacadeCounts, type FacadeMode,
} from '@/api/facades'
import type { Fact } from '@/live/messages'
import { AlarmClock } from './alarmClock'
import { FacadeColours, type TileHomes } from './facadeColours'
import { Renewal } from './renewal'

/** The modes that the viewer may choose; null until they are known. */
export const facadeModes = shallowRef<readonly FacadeMode[] | null>(null)
/** Why the modes are not known, or null. */
export const facadeModesFailed = shallowRef<unknown>(null)
const chosenName = shallowRef<string | null>(null)
/** The category that alone is coloured, or null: all are. */
export const onlyCategory = shallowRef<string | null>(null)
/** The mode in which the facades are drawn; null: lamplight. */
export const facadeMode = computed<FacadeMode | null>(
  () => facadeModes.value?.find(({ name }) => name === chosenName.value) ?? null,
)
/** Counts of the mode; null until they are known. */
export const facadeCounts = shallowRef<FacadeCounts | null>(null)
/** How the questions of the mode go. */
export const facadeProgress = shallowReactive({ busy: false, failure: null as unknown })
/** Rises with every change of a colour, for whoever looks at single homes. */
const revision = shallowRef(0)

/** A mode that stays on for long: a message that was lost is made good. */
const RENEW_MS = 5 * 60_000
/** Between two questions for the counts: not more often than the eye can follow. */
const COUNTS_MS = 700
const RETRY_MS = 5000
/** What news about all modes are about: homes that came, went or belong to others now. */
const EVERY_MODE = 'places'

export interface FacadeNews {
  readonly tiles: (tiles: readonly TileHomes[]) => void
  readonly homes: (dwellings: readonly number[]) => void
}
const listeners = new Set<FacadeNews>()
const tilesOnMap = new Map<string, TileHomes>()
let community: number | null = null
let colours: FacadeColours | null = null
let abort = new AbortController()
let counts: Renewal | null = null
const runsOut = new AlarmClock(() => renewFacade())
let renewTimer: ReturnType<typeof setInterval> | undefined

/** Told when windows look different. Returns the way to stop listening. */
export function onFacadeNews(news: FacadeNews): () => void {
  listeners.add(news)
  return () => listeners.delete(news)
}

/** Learn which modes there are; a mode that was chosen by the address begins then. */
export async function loadFacadeModes(communityId: number): Promise<void> {
  community = communityId
  facadeModesFailed.value = null
  try {
    const before = facadeMode.value
    facadeModes.value = await fetchFacades(communityId)
    if (facadeMode.value === null) chosenName.value = onlyCategory.value = null
    if (JSON.stringify(before) !== JSON.stringify(facadeMode.value)) begin()
  } catch (reason) {
    facadeModesFailed.value = reason
  }
}

/** Colour the facades by a mode, and if it is given by one of its categories alone; null: lamplight again. */
export function chooseFacade(name: string | null, category: string | null = null): void {
  const same = name === chosenName.value
  onlyCategory.value = name === null ? null : category
  chosenName.value = name
  if (!same) begin()
}

/** Show one category alone; the same again: all of them. */
export function toggleCategory(key: string): void {
  onlyCategory.value = onlyCategory.value === key ? null : key
}

/** What was chosen, also while it is not known whether there is such a mode. */
export function chosenFacade(): { readonly name: string | null; readonly only: string | null } {
  return { name: chosenName.value, only: onlyCategory.value }
}

/** The place of a home's category in the mode's list, for whoever is told of changes; undefined: none, or not known. */
export function homeCategory(dwelling: number): number | undefined {
  return colours?.of(dwelling)
}

/** The category of a home near the camera, to be shown: follows every change. */
export function categoryOf(dwelling: number): FacadeCategory | null {
  void revision.value
  const place = homeCategory(dwelling)
  return place === undefined ? null : (facadeMode.value?.categories[place] ?? null)
}

/** A tile of walls is on the map. */
export function tileAppeared(tile: TileHomes): void {
  tilesOnMap.set(tile.key, tile)
  colours?.add(tile)
}

export function tileVanished(tile: TileHomes): void {
  if (tilesOnMap.get(tile.key) === tile) tilesOnMap.delete(tile.key)
  colours?.remove(tile)
}

/** A topic begins anew: whatever was changed before may have been missed. */
export function renewFacade(): void {
  colours?.reload()
  counts?.soon()
}

export function applyRecoloured(fact: Fact): void {
  const mode = facadeMode.value
  if (fact.kind !== 'recoloured' || mode === null) return
  if (fact.about !== mode.about && fact.about !== EVERY_MODE) return
  colours?.touch(fact.dwelling_ids)
  counts?.soon()
}
function begin(): void {
  colours?.stop()
  abort.abort()
  abort = new AbortController()
  counts?.stop()
  clearInterval(renewTimer)
  runsOut.set(null)
  facadeCounts.value = null
  Object.assign(facadeProgress, { busy: false, failure: null })
  const mode = facadeMode.value
  if (mode !== null && !mode.categories.some(({ key }) => key === onlyCategory.value)) onlyCategory.value = null
  colours = mode === null || community === null ? null : coloursOf(mode, community)
  counts = mode === null || community === null ? null : countsOf(mode, community)
  if (mode === null) return
  // The newest tiles first: they are what the viewer looks at.
  for (const tile of [...tilesOnMap.values()].toReversed()) colours?.add(tile)
  counts?.now()
  renewTimer = setInterval(renewFacade, RENEW_MS)
}

function coloursOf(mode: FacadeMode, communityId: number): FacadeColours {
  const { signal } = abort
  return new FacadeColours({
    keys: mode.categories.map(({ key }) => key),
    ask: (asked) => fetchFacadeHomes(communityId, mode.name, asked, signal),
    tilesColoured: (tiles) => tell((news) => news.tiles(tiles)),
    homesColoured: (dwellings) => tell((news) => news.homes(dwellings)),
    busy: (busy, failure) => {
      Object.assign(facadeProgress, { busy, failure })
      if (isGone(failure)) chooseFacade(null)
    },
  })
}

function tell(one: (news: FacadeNews) => void): void {
  revision.value++
  for (const news of listeners) one(news)
}

function countsOf(mode: FacadeMode, communityId: number): Renewal {
  const { signal } = abort
  return new Renewal(async () => {
    try {
      const answer = await fetchFacadeCounts(communityId, mode.name, signal)
      if (signal.aborted) return
      facadeCounts.value = answer
      runsOut.set(answer.changes_at)
    } catch (reason) {
      if (!isGone(reason)) throw reason
      if (!signal.aborted) chooseFacade(null)
    }
  }, COUNTS_MS, RETRY_MS)
}

/** The mode, or the right to it, is no more. */
function isGone(reason: unknown): boolean {
  return reason instanceof ApiError && reason.status === 404
}
