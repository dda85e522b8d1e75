import { getJson } from './client'
import type { Look } from './types'

export interface LookPage {
  readonly results: readonly Look[]
  readonly next: string | null
}

/** Looks at people, the newest first: for the auditor all of the community, for everybody else their own. */
export async function fetchLooks(communityId: number, notices: boolean, page: number): Promise<LookPage> {
  const only = notices ? '&action=people.many_viewed' : ''
  const answer = await getJson<{ results: Look[]; next?: string | null }>(`/api/looks/?community=${communityId}&page=${page}${only}`)
  return { results: answer.results, next: answer.next ?? null }
}
