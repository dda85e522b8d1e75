import type { Fact } from '@/live/messages'

/** Told of homes about which something is news; null: of any, because messages may have been missed. */
type Listener = (about: string, dwellings: readonly number[] | null) => void

const listeners = new Set<Listener>()
/** Topics that have begun once: when they begin again, something may have been missed. */
const begun = new Set<string>()

/** Returns the way to stop listening. */
export function onHomeNews(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function tellHomeNews(fact: Fact): void {
  if (fact.kind === 'recoloured') for (const listener of listeners) listener(fact.about, fact.dwelling_ids)
}

export function homeTopicBegins(topic: string): void {
  if (begun.has(topic)) for (const listener of listeners) listener('places', null)
  begun.add(topic)
}
