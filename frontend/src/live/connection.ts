import { waitBefore } from './backoff'
import type { ClientMessage, Fact, FrameMessage, ServerMessage } from './messages'
import { askedFor, newTopic, onChange, onHead, onSnapshot, type TopicState, type TopicStep } from './topic'

export type ConnectionState = 'connecting' | 'online' | 'reconnecting' | 'offline' | 'ended'

/** Where the connection delivers. Facts arrive in the order of their numbers, per topic. */
export interface LiveReceiver {
  replace(topic: string, facts: readonly Fact[]): void
  apply(topic: string, fact: Fact): void
  frame(message: FrameMessage): void
  refused(topic: string, reason: string): void
  serverTime(iso: string): void
  state(state: ConnectionState, since: number): void
}

/** The socket's part that is used; a browser WebSocket fits. */
export interface Socket {
  onopen: (() => void) | null
  onmessage: ((event: { data: unknown }) => void) | null
  onclose: ((event: { code: number }) => void) | null
  send(text: string): void
  close(): void
}

export interface Surroundings {
  open(): Socket
  now(): number
  wait(ms: number, then: () => void): () => void
  isOnline(): boolean
}

/** The server closes with this code when the session or its rights have ended. */
export const RIGHTS_ENDED = 4401
/** Heads come every 10 s; a line that is silent for longer is dead although nothing closed it. */
const SILENCE_MS = 35_000

/** One WebSocket for all topics of a page: joins, catches up, reconnects. */
export class LiveConnection {
  private readonly topics = new Map<string, TopicState>()
  private socket: Socket | null = null
  private open = false
  private attempt = 0
  private cancelWait: (() => void) | null = null
  private cancelSilence: (() => void) | null = null
  private current: ConnectionState = 'connecting'

  constructor(
    private readonly receiver: LiveReceiver,
    private readonly around: Surroundings,
  ) {}

  /** The connection begins at once and stays until `stop`. */
  start(): void {
    this.become('connecting')
    this.connect()
  }

  stop(): void {
    this.cancelWait?.()
    this.cancelSilence?.()
    const { socket } = this
    this.socket = null
    socket?.close()
  }

  /** Replace the set of topics: new ones are joined, missing ones left. */
  follow(names: Iterable<string>): void {
    const wanted = new Set(names)
    const left = [...this.topics.keys()].filter((name) => !wanted.has(name))
    for (const name of left) this.topics.delete(name)
    if (left.length > 0) this.send({ kind: 'leave', topics: left })
    const added = [...wanted].filter((name) => !this.topics.has(name))
    for (const name of added) this.topics.set(name, newTopic(name))
    this.join(added)
  }

  /** Try at once, for instance because the browser says that the network is back. */
  hurry(): void {
    if (this.cancelWait === null) return
    this.cancelWait()
    this.cancelWait = null
    this.connect()
  }

  private connect(): void {
    const socket = this.around.open()
    this.socket = socket
    this.open = false
    this.listenForSilence()
    socket.onopen = () => {
      this.open = true
      this.join([...this.topics.keys()])
    }
    socket.onmessage = (event) => {
      this.listenForSilence()
      this.receive(event.data)
    }
    socket.onclose = (event) => {
      if (this.socket === socket) this.closed(event.code)
    }
  }

  private closed(code: number): void {
    this.socket = null
    this.open = false
    this.cancelSilence?.()
    if (code === RIGHTS_ENDED) return this.become('ended')
    this.become(this.around.isOnline() ? 'reconnecting' : 'offline')
    this.cancelWait = this.around.wait(waitBefore(this.attempt++), () => {
      this.cancelWait = null
      this.connect()
    })
  }

  private listenForSilence(): void {
    this.cancelSilence?.()
    const { socket } = this
    this.cancelSilence = this.around.wait(SILENCE_MS, () => {
      if (socket === null || this.socket !== socket) return
      socket.close()
      this.closed(1006)
    })
  }

  private receive(data: unknown): void {
    if (typeof data !== 'string') return
    const message = JSON.parse(data) as ServerMessage
    switch (message.kind) {
      case 'hello':
        this.attempt = 0
        this.receiver.serverTime(message.server_time)
        return this.become('online')
      case 'snapshot':
        return this.step(message.topic, (state) => onSnapshot(state, message))
      case 'change':
        return this.step(message.topic, (state) => onChange(state, message))
      case 'heads':
        for (const [topic, head] of Object.entries(message.heads)) this.step(topic, (s) => onHead(s, head))
        return
      case 'frame':
        if (this.topics.has(message.topic)) this.receiver.frame(message)
        return
      case 'refused':
        this.topics.delete(message.topic)
        return this.receiver.refused(message.topic, message.reason)
      case 'error':
        return console.warn(`live: ${message.code}: ${message.message}`)
      default:
        return message satisfies never
    }
  }

  private step(topic: string, take: (state: TopicState) => TopicStep): void {
    const before = this.topics.get(topic)
    if (before === undefined) return
    const { state, effect } = take(before)
    this.topics.set(topic, state)
    if (effect.do === 'replace') this.receiver.replace(topic, effect.facts)
    else if (effect.do === 'apply') this.receiver.apply(topic, effect.fact)
    else if (effect.do === 'resync') this.join([topic])
  }

  private join(names: readonly string[]): void {
    if (!this.open || names.length === 0) return
    const topics = names.map((name) => {
      const state = this.topics.get(name) ?? newTopic(name)
      this.topics.set(name, askedFor(state))
      return { topic: name, after: state.last }
    })
    this.send({ kind: 'join', topics })
  }

  private send(message: ClientMessage): void {
    if (this.open) this.socket?.send(JSON.stringify(message))
  }

  private become(state: ConnectionState): void {
    if (state === this.current && state !== 'connecting') return
    this.current = state
    this.receiver.state(state, this.around.now())
  }
}
