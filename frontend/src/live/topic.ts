import type { ChangeMessage, Fact, SnapshotMessage } from './messages'

/**
 * What is known of one topic. `last` is the number of the last change applied, null before the first
 * snapshot. `asked` is true from a join until its answer begins: changes beyond the gap come again then.
 */
export interface TopicState {
  readonly topic: string
  readonly last: number | null
  readonly asked: boolean
}

/** What the caller must do after a message. `resync` means: join again with `after` = state.last. */
export type TopicEffect =
  | { readonly do: 'replace'; readonly facts: readonly Fact[] }
  | { readonly do: 'apply'; readonly fact: Fact }
  | { readonly do: 'resync' }
  | { readonly do: 'nothing' }

export interface TopicStep {
  readonly state: TopicState
  readonly effect: TopicEffect
}

const NOTHING: TopicEffect = { do: 'nothing' }

export function newTopic(topic: string): TopicState {
  return { topic, last: null, asked: false }
}

/** The topic has been joined (again); what was on its way before does not count as a gap any more. */
export function askedFor(state: TopicState): TopicState {
  return { ...state, asked: true }
}

/** A snapshot replaces everything held of the topic, whatever its number. */
export function onSnapshot(state: TopicState, message: SnapshotMessage): TopicStep {
  return { state: { ...state, last: message.seq, asked: false }, effect: { do: 'replace', facts: message.items } }
}

/** A change is applied only when it is the next one; a repeat is dropped, a gap asks for what was missed. */
export function onChange(state: TopicState, message: ChangeMessage): TopicStep {
  if (state.last !== null && message.seq <= state.last) return { state, effect: NOTHING }
  if (state.last !== null && message.seq === state.last + 1) {
    return { state: { ...state, last: message.seq, asked: false }, effect: { do: 'apply', fact: message.fact } }
  }
  return state.asked ? { state, effect: NOTHING } : { state, effect: { do: 'resync' } }
}

/**
 * The server's head of the topic. A head above ours means that changes were lost, even while an answer is
 * awaited: heads are rare enough not to make a storm. A head below ours means that the server's numbering
 * began anew, so only a snapshot helps.
 */
export function onHead(state: TopicState, head: number): TopicStep {
  if (state.last === head) return { state, effect: NOTHING }
  if (state.last !== null && head < state.last) {
    return { state: { ...state, last: null }, effect: { do: 'resync' } }
  }
  return { state, effect: { do: 'resync' } }
}
