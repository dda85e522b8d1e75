import type { PointsVote } from '@/api/types'

/** Whether ballots are taken at a moment (milliseconds since 1970). */
export function isOpen(vote: Pick<PointsVote, 'opens_at' | 'closes_at' | 'closed_at'>, now: number): boolean {
  return vote.closed_at === null && Date.parse(vote.opens_at) <= now && now < Date.parse(vote.closes_at)
}

/** The same ballot with this family chosen, or no longer. */
export function toggled(chosen: readonly number[], family: number): readonly number[] {
  return chosen.includes(family) ? chosen.filter((one) => one !== family) : [...chosen, family]
}
