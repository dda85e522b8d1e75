import { shallowReactive } from 'vue'
import type { DeviceFact, Fact } from '@/live/messages'

/** Devices that are not retired, by id. */
export const devices = shallowReactive(new Map<number, DeviceFact>())
const topicOf = new Map<number, string>()

export function replaceDevices(topic: string, facts: readonly Fact[]): void {
  const present = facts.filter((fact): fact is DeviceFact => fact.kind === 'device')
  const kept = new Set(present.map((device) => device.id))
  for (const [id, from] of topicOf) if (from === topic && !kept.has(id)) forget(id)
  for (const device of present) keep(topic, device)
}

export function applyDevice(topic: string, fact: Fact): void {
  if (fact.kind === 'device') keep(topic, fact)
  else if (fact.kind === 'device_left' && topicOf.get(fact.id) === topic) forget(fact.id)
}

function keep(topic: string, device: DeviceFact): void {
  if (device.status === 'retired') return forget(device.id)
  topicOf.set(device.id, topic)
  devices.set(device.id, device)
}

function forget(id: number): void {
  topicOf.delete(id)
  devices.delete(id)
}
