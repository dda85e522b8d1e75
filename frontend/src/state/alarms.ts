import { computed, shallowReactive, shallowRef } from 'vue'
import type { AlarmDetail } from '@/api/types'
import type { AlarmFact, Fact, Severity } from '@/live/messages'

/** Alarms that are not closed, by id. */
export const openAlarms = shallowReactive(new Map<number, AlarmFact>())
/** Start of every alarm seen today by id, closed ones included; for the chart of the day. */
export const startsToday = shallowReactive(new Map<number, { at: number; severity: Severity }>())
/** False until the first snapshot of every joined topic is in. */
export const alarmsLoaded = shallowRef(false)
/** Alarms ask for action until someone acknowledges them; those are what the bell counts. */
export const pendingCount = computed(() => [...openAlarms.values()].filter((a) => a.handling === 'NEW').length)

/** Which topic an alarm came by: it may enter its new grid before it leaves the old one. */
const topicOf = new Map<number, string>()

/** Most severe first, then those nobody has acknowledged, then the newest. */
export const alarmsByUrgency = computed(() =>
  [...openAlarms.values()].sort(
    (a, b) =>
      Number(a.handling !== 'NEW') - Number(b.handling !== 'NEW') ||
      a.severity - b.severity ||
      Date.parse(b.last_at) - Date.parse(a.last_at) ||
      b.id - a.id,
  ),
)

export type AlarmNews = { alarm: AlarmFact; what: 'raised' | 'repeated' }
type NewsListener = (news: AlarmNews) => void
const listeners = new Set<NewsListener>()

/** Told of alarms that arrive after the first picture. Returns the way to stop listening. */
export function onAlarmNews(listener: NewsListener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function replaceAlarms(topic: string, facts: readonly Fact[]): void {
  const alarms = facts.filter((fact): fact is AlarmFact => fact.kind === 'alarm')
  const kept = new Set(alarms.map((alarm) => alarm.id))
  for (const [id, from] of topicOf) if (from === topic && !kept.has(id)) forget(id)
  for (const alarm of alarms) keep(topic, alarm)
}

export function applyAlarm(topic: string, fact: Fact): void {
  if (fact.kind === 'alarm_left') {
    if (topicOf.get(fact.id) === topic) forget(fact.id)
    return
  }
  if (fact.kind !== 'alarm') return
  const before = openAlarms.get(fact.id)
  keep(topic, fact)
  if (fact.handling === 'CLOSED') return
  const what = before === undefined ? 'raised' : fact.count > before.count ? 'repeated' : null
  if (what !== null) for (const listener of listeners) listener({ alarm: fact, what })
}

/** What an answer of the API says of an alarm: only facts that are newer than those held are taken. */
export function applyAlarmDetail(alarm: Pick<AlarmDetail, 'id' | 'handling' | 'acked_at'>): void {
  const held = openAlarms.get(alarm.id)
  if (held === undefined) return
  if (alarm.handling === 'CLOSED') return forget(alarm.id)
  openAlarms.set(alarm.id, { ...held, handling: alarm.handling, acked_at: alarm.acked_at })
}

/** History for the chart of the day; what began before `since` is left out. */
export function rememberStarts(alarms: readonly Pick<AlarmDetail, 'id' | 'first_at' | 'severity'>[], since: number): void {
  for (const [id, start] of startsToday) if (start.at < since) startsToday.delete(id)
  for (const alarm of alarms) {
    const at = Date.parse(alarm.first_at)
    if (at >= since) startsToday.set(alarm.id, { at, severity: alarm.severity })
  }
}

function keep(topic: string, alarm: AlarmFact): void {
  startsToday.set(alarm.id, { at: Date.parse(alarm.first_at), severity: alarm.severity })
  if (alarm.handling === 'CLOSED') return forget(alarm.id)
  topicOf.set(alarm.id, topic)
  openAlarms.set(alarm.id, alarm)
}

function forget(id: number): void {
  topicOf.delete(id)
  openAlarms.delete(id)
}
