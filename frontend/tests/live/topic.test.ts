import { describe, expect, test } from 'vitest'
import type { ChangeMessage, SnapshotMessage } from '@/live/messages'
import { askedFor, newTopic, onChange, onHead, onSnapshot, type TopicState } from '@/live/topic'
import { alarm } from './facts'

const TOPIC = 'alarms:12'
const change = (seq: number): ChangeMessage => ({ kind: 'change', topic: TOPIC, seq, at: '', fact: alarm({ id: seq }) })
const snapshot = (seq: number): SnapshotMessage => ({ kind: 'snapshot', topic: TOPIC, seq, items: [alarm()] })
const at = (last: number): TopicState => ({ topic: TOPIC, last, asked: false })

describe('a topic', () => {
  test('applies the next change', () => {
    const { state, effect } = onChange(at(7), change(8))
    expect(state.last).toBe(8)
    expect(effect).toEqual({ do: 'apply', fact: alarm({ id: 8 }) })
  })

  test('drops a change that it has already', () => {
    expect(onChange(at(7), change(7))).toEqual({ state: at(7), effect: { do: 'nothing' } })
    expect(onChange(at(7), change(3)).effect.do).toBe('nothing')
  })

  test('asks for what was missed after a gap, and does not apply beyond it', () => {
    const { state, effect } = onChange(at(7), change(9))
    expect(effect.do).toBe('resync')
    expect(state.last).toBe(7)
  })

  test('asks once: what is still on its way beyond the gap is left to the answer', () => {
    const asked = askedFor(at(7))
    expect(onChange(asked, change(10)).effect.do).toBe('nothing')
    const answered = onChange(asked, change(8))
    expect(answered.effect.do).toBe('apply')
    expect(answered.state.asked).toBe(false)
  })

  test('takes no change before its first snapshot', () => {
    expect(onChange(newTopic(TOPIC), change(1)).effect.do).toBe('resync')
    expect(onChange(askedFor(newTopic(TOPIC)), change(1)).effect.do).toBe('nothing')
  })

  test('is replaced by a snapshot, whatever its number', () => {
    for (const seq of [3, 12]) {
      const { state, effect } = onSnapshot(askedFor(at(7)), snapshot(seq))
      expect(state).toEqual(at(seq))
      expect(effect).toEqual({ do: 'replace', facts: [alarm()] })
    }
  })

  test('asks when the head is ahead, also while an answer is awaited', () => {
    expect(onHead(at(7), 9).effect.do).toBe('resync')
    expect(onHead(askedFor(at(7)), 9).effect.do).toBe('resync')
    expect(onHead(at(7), 7).effect.do).toBe('nothing')
  })

  test('asks for a snapshot when the server counts anew', () => {
    const { state, effect } = onHead(at(70), 2)
    expect(effect.do).toBe('resync')
    expect(state.last).toBeNull()
  })

  test('never applies n+1 before n, in whatever order changes arrive', () => {
    let state = at(0)
    const applied: number[] = []
    const deliver = (seq: number): boolean => {
      const step = onChange(state, change(seq))
      state = step.effect.do === 'resync' ? askedFor(step.state) : step.state
      if (step.effect.do === 'apply') applied.push(seq)
      return step.effect.do === 'resync'
    }
    for (const seq of [2, 5, 1, 1, 3, 2, 4, 3, 6, 5, 4, 6, 7]) {
      // A gap is answered at once with everything after the last one applied.
      if (deliver(seq)) for (let missed = state.last! + 1; missed <= 7; missed++) deliver(missed)
    }
    expect(applied).toEqual([1, 2, 3, 4, 5, 6, 7])
  })
})
