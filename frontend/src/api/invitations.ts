import { postJson } from './client'
import type { NewInvitation } from './types'

/** A code for one person of a household; what was open for them before is revoked. Told this once. */
export function invite(household: number, person: number): Promise<NewInvitation> {
  return postJson<NewInvitation>('/api/invitations/', { household, person })
}
