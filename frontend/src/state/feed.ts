import { browserSurroundings } from '@/live/browser'
import { LiveConnection, type LiveReceiver } from '@/live/connection'
import type { Fact } from '@/live/messages'
import { alarmsLoaded, applyAlarm, replaceAlarms } from './alarms'
import { setServerTime } from './clock'
import { connection } from './connection'
import { applyDevice, replaceDevices } from './devices'
import { applyRecoloured, renewFacade } from './facades'
import { homeTopicBegins, tellHomeNews } from './homeNews'
import { applyManyLooked, replaceManyLooked } from './looks'
import { applyShapes, areOther, leafGrids, replaceShapes, rootGrid } from './manifest'
import { applyFrame, applyShift, replaceShifts } from './patrol'
import { session } from './session'

/** News of tags, by the level of the tag; those of levels that are not granted are refused. */
const OF_TAGS = ['tags1', 'tags2', 'tags3', 'tags4'] as const
type Stream = 'alarms' | 'patrol' | 'devices' | 'facades' | (typeof OF_TAGS)[number] | 'places' | 'inbox'

interface StreamStore {
  replace(topic: string, facts: readonly Fact[]): void
  apply(topic: string, fact: Fact): unknown
}

/** Windows and what is told of those who live behind them. */
const HOMES: StreamStore = {
  replace(topic) {
    renewFacade()
    homeTopicBegins(topic)
  },
  apply(_, fact) {
    applyRecoloured(fact)
    tellHomeNews(fact)
  },
}

/** Every stream has exactly one store; a new stream does not compile until it has one. */
const STORES: Record<Stream, StreamStore> = {
  alarms: { replace: replaceAlarms, apply: applyAlarm },
  patrol: { replace: replaceShifts, apply: applyShift },
  devices: { replace: replaceDevices, apply: applyDevice },
  facades: HOMES,
  tags1: HOMES,
  tags2: HOMES,
  tags3: HOMES,
  tags4: HOMES,
  inbox: {
    replace: (_, facts) => replaceManyLooked(facts.filter((fact) => fact.kind === 'many_looked')),
    apply: (_, fact) => applyInbox(fact),
  },
  places: {
    replace: (_, facts) => facts.forEach((fact) => applyPlace(fact, replaceShapes)),
    apply: (_, fact) => applyPlace(fact, applyShapes),
  },
}

function applyInbox(fact: Fact): void {
  if (fact.kind === 'many_looked') applyManyLooked(fact)
  else if (fact.kind === 'rights') tellRightsChanged()
}

function applyPlace(fact: Fact, take: typeof applyShapes): void {
  if (fact.kind === 'shapes') take(fact)
  else if (fact.kind === 'grids' && areOther(fact)) tellGridsChanged()
}

function storeOf(topic: string): StreamStore | undefined {
  const stream = topic.slice(0, topic.indexOf(':'))
  return Object.hasOwn(STORES, stream) ? STORES[stream as Stream] : undefined
}

/** The topics of the viewer: facts of the grids that are granted, shapes of the whole community. */
export function topicsOfViewer(): string[] {
  const granted = leafGrids.value.filter((grid) => grid.granted)
  const topics = granted.flatMap(({ id }) => [`alarms:${id}`, `patrol:${id}`, `devices:${id}`, `facades:${id}`, ...OF_TAGS.map((stream) => `${stream}:${id}`)])
  if (rootGrid.value !== undefined) topics.push(`places:${rootGrid.value.id}`)
  if (session.value !== null) topics.push(`inbox:${session.value.user.id}`)
  return topics
}

let tellRightsChanged = (): void => undefined
let tellGridsChanged = (): void => undefined

export interface FeedEvents {
  /** The session is over. */
  readonly ended: () => void
  /** The viewer's roles changed: grids may have come or gone. */
  readonly rightsChanged: () => void
  /** The community is divided into other grids than the manifest says. */
  readonly gridsChanged: () => void
}

/** Follow the viewer's topics until the page goes. */
export function startFeed({ ended, rightsChanged, gridsChanged }: FeedEvents): LiveConnection {
  tellRightsChanged = rightsChanged
  tellGridsChanged = gridsChanged
  const missing = new Set<string>()
  const arrived = (topic: string): void => {
    missing.delete(topic)
    if (missing.size === 0) alarmsLoaded.value = true
  }
  const receiver: LiveReceiver = {
    replace(topic, facts) {
      storeOf(topic)?.replace(topic, facts)
      arrived(topic)
    },
    apply: (topic, fact) => storeOf(topic)?.apply(topic, fact),
    frame: applyFrame,
    refused(topic) {
      if (topic.startsWith('tags')) return
      receiver.replace(topic, [])
    },
    serverTime: setServerTime,
    state(state, since) {
      connection.value = { state, since }
      if (state === 'ended') ended()
    },
  }
  const live = new LiveConnection(receiver, browserSurroundings())
  const topics = topicsOfViewer()
  for (const topic of topics) if (topic.startsWith('alarms:')) missing.add(topic)
  alarmsLoaded.value = missing.size === 0
  live.follow(topics)
  live.start()
  addEventListener('online', () => live.hurry())
  return live
}
