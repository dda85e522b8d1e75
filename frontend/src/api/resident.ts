import { getJson, postJson } from './client'
import type { ResidentHome } from './types'

/** Sign in by an invitation; the code opens once. */
export function enterByCode(code: string): Promise<void> {
  return postJson<void>('/api/resident/session/', { code })
}

/** Sign in by the link of an invitation, as it was scanned; it opens once. */
export function enterByLink(link: string): Promise<void> {
  return postJson<void>('/api/resident/session/', { link })
}

/** Where the viewer lives, and with whom. */
export function fetchHome(): Promise<ResidentHome> {
  return getJson<ResidentHome>('/api/resident/')
}
