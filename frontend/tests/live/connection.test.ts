import { beforeEach, describe, expect, test } from 'vitest'
import { waitBefore } from '@/live/backoff'
import { LiveConnection, RIGHTS_ENDED, type LiveReceiver, type Socket } from '@/live/connection'
import type { ClientMessage, Fact, ServerMessage } from '@/live/messages'
import { alarm } from './facts'

/** The far end of the line: what was sent, and a way to answer. */
class Line implements Socket {
  onopen: (() => void) | null = null
  onmessage: ((event: { data: unknown }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null
  readonly sent: ClientMessage[] = []
  send(text: string): void {
    this.sent.push(JSON.parse(text) as ClientMessage)
  }
  close(): void {
    this.onclose?.({ code: 1000 })
  }
  say(message: ServerMessage): void {
    this.onmessage?.({ data: JSON.stringify(message) })
  }
}

interface Wait {
  ms: number
  then: () => void
  cancelled: boolean
}
let lines: Line[]
let waits: Wait[]
let log: string[]
let live: LiveConnection

const receiver: LiveReceiver = {
  replace: (topic: string, facts: readonly Fact[]) => log.push(`replace ${topic} ${facts.length}`),
  apply: (topic: string, fact: Fact) => log.push(`apply ${topic} ${'id' in fact ? fact.id : ''}`),
  frame: (message) => log.push(`frame ${message.moved.length}`),
  refused: (topic, reason) => log.push(`refused ${topic} ${reason}`),
  serverTime: () => undefined,
  state: (state) => log.push(state),
}

beforeEach(() => {
  lines = []
  waits = []
  log = []
  live = new LiveConnection(receiver, {
    open: () => {
      lines.push(new Line())
      return lines.at(-1)!
    },
    now: () => 0,
    wait: (ms, then) => {
      const wait = { ms, then, cancelled: false }
      waits.push(wait)
      return () => (wait.cancelled = true)
    },
    isOnline: () => true,
  })
  live.follow(['alarms:12', 'patrol:12'])
  live.start()
})

function open(): Line {
  const line = lines.at(-1)!
  line.onopen!()
  line.say({ kind: 'hello', protocol: 1, server_time: '2026-03-01T08:00:00Z' })
  return line
}

/** Let the shortest wait that still runs come to its end. */
function passTime(): void {
  const next = waits.filter(({ cancelled }) => !cancelled).sort((a, b) => a.ms - b.ms)[0]!
  next.cancelled = true
  next.then()
}

describe('a live connection', () => {
  test('joins all its topics at once, from the beginning', () => {
    const line = open()
    expect(line.sent).toEqual([
      { kind: 'join', topics: [{ topic: 'alarms:12', after: null }, { topic: 'patrol:12', after: null }] },
    ])
    expect(log).toEqual(['connecting', 'online'])
  })

  test('delivers snapshots and changes in order and resyncs after a gap', () => {
    const line = open()
    line.say({ kind: 'snapshot', topic: 'alarms:12', seq: 4, items: [alarm()] })
    line.say({ kind: 'change', topic: 'alarms:12', seq: 5, at: '', fact: alarm({ id: 5 }) })
    line.say({ kind: 'change', topic: 'alarms:12', seq: 7, at: '', fact: alarm({ id: 7 }) })
    expect(log.slice(2)).toEqual(['replace alarms:12 1', 'apply alarms:12 5'])
    expect(line.sent.at(-1)).toEqual({ kind: 'join', topics: [{ topic: 'alarms:12', after: 5 }] })
  })

  test('comes back after a cut and asks only for what it missed', () => {
    const line = open()
    line.say({ kind: 'snapshot', topic: 'alarms:12', seq: 4, items: [] })
    line.onclose!({ code: 1006 })
    expect(log.at(-1)).toBe('reconnecting')
    passTime()
    expect(open().sent[0]).toEqual({
      kind: 'join', topics: [{ topic: 'alarms:12', after: 4 }, { topic: 'patrol:12', after: null }],
    })
    expect(log.at(-1)).toBe('online')
  })

  test('waits longer after each failure, and begins anew once it was answered', () => {
    const retries: number[] = []
    for (let attempt = 0; attempt < 4; attempt++) {
      lines.at(-1)!.onclose!({ code: 1006 })
      retries.push(waits.at(-1)!.ms)
      passTime()
    }
    expect(retries[3]).toBeGreaterThan(retries[0]! * 2)
    open().onclose!({ code: 1006 })
    expect(waits.at(-1)!.ms).toBeLessThanOrEqual(500)
  })

  test('does not come back when the rights have ended', () => {
    open().onclose!({ code: RIGHTS_ENDED })
    expect(log.at(-1)).toBe('ended')
    expect(lines).toHaveLength(1)
  })

  test('takes a silent line for a dead one', () => {
    open()
    passTime()
    expect(log.at(-1)).toBe('reconnecting')
  })

  test('forgets a topic that is refused and leaves one that is not followed any more', () => {
    const line = open()
    line.say({ kind: 'refused', topic: 'patrol:12', reason: 'not_found' })
    line.say({ kind: 'frame', topic: 'patrol:12', at: '', moved: [] })
    expect(log.at(-1)).toBe('refused patrol:12 not_found')
    live.follow([])
    expect(line.sent.at(-1)).toEqual({ kind: 'leave', topics: ['alarms:12'] })
  })
})

test('the wait before a retry has jitter and an upper bound', () => {
  expect(waitBefore(0, () => 0)).toBe(250)
  expect(waitBefore(0, () => 0.999)).toBeLessThan(500)
  expect(waitBefore(50, () => 0.999)).toBeLessThanOrEqual(30_000)
})
