import { computed, shallowRef } from 'vue'
import type { Session, SessionCommunity } from '@/api/types'

/** Who is signed in; null until known. */
export const session = shallowRef<Session | null>(null)
const communityId = shallowRef<number | null>(null)

/** The community on show: the chosen one, else the viewer's first. */
export const community = computed<SessionCommunity | null>(() => {
  const mine = session.value?.communities ?? []
  return mine.find((one) => one.id === communityId.value) ?? mine[0] ?? null
})

const INVITE = new Set(['community_admin', 'grid_head', 'grid_worker'])
/** Whether the viewer may give residents their codes; where, the server says. */
export const mayInvite = computed(() => community.value?.roles.some((role) => INVITE.has(role)) ?? false)

const REPORT = new Set([...INVITE, 'duty_officer', 'stairwell_head'])
/** Whether the viewer makes reports of people; what may be told in them, the server says. */
export const mayReport = computed(() => community.value?.roles.some((role) => REPORT.has(role)) ?? false)

const VISIT = new Set(['community_admin', 'grid_head', 'grid_worker'])
/** Whether the viewer may enter visits; where, the server says. */
export const mayVisit = computed(() => community.value?.roles.some((role) => VISIT.has(role)) ?? false)

export function enter(signedIn: Session, chosenCommunity: number | null): void {
  session.value = signedIn
  communityId.value = chosenCommunity
}
