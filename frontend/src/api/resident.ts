import { getJson, postJson } from './client'
import type { ResidentHome } from './types'

/** Sign in by an invitation; the code opens once. */
export function enterByCode(code: string): Promise<void> {
  return postJson<void>('/api/resident/session/', { code })
}

/** Where the viewer lives, and with whom. */
export function fetchHome(): Promise<ResidentHome> {
  return getJson<ResidentHome>('/api/resident/')
}
