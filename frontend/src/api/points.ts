import { getJson, getList, postForm, postJson } from './client'
import type { PointsBoard, PointsClaim, PointsEntry, PointsRedemption, PointsReward, PointsRule, PointsSummary, PointsVote } from './types'

/** A household's points, as far as the viewer may know them. Asking is noted in the audit, but of the own household. */
export function fetchPoints(householdId: number): Promise<PointsSummary> {
  return getJson<PointsSummary>(`/api/points/households/${householdId}/`)
}

/** The newest lines of a ledger, at most a hundred. */
export async function fetchEntries(householdId: number): Promise<PointsEntry[]> {
  return getList<PointsEntry>(`/api/points/entries/?household=${householdId}`, () => false)
}

/** What is in force now. */
export async function fetchRules(communityId: number): Promise<PointsRule[]> {
  const rules = await getList<PointsRule>(`/api/points/rules/?community=${communityId}`)
  return rules.filter(({ now }) => now !== null)
}

export function fetchClaims(householdId: number): Promise<PointsClaim[]> {
  return getList<PointsClaim>(`/api/points/claims/?household=${householdId}`, () => false)
}

export interface NewClaim {
  readonly household: number
  readonly rule: number
  readonly note: string
  readonly photos: readonly File[]
  /** Sent again with the same one, the claim is filed once. */
  readonly clientId: string
}

export function fileClaim({ household, rule, note, photos, clientId }: NewClaim): Promise<PointsClaim> {
  const form = new FormData()
  form.set('household', String(household))
  form.set('rule', String(rule))
  form.set('note', note)
  form.set('client_id', clientId)
  for (const photo of photos) form.append('photos', photo)
  return postForm<PointsClaim>('/api/points/claims/', form)
}

export function withdrawClaim(claimId: number): Promise<PointsClaim> {
  return postJson<PointsClaim>(`/api/points/claims/${claimId}/withdraw/`)
}

export function fetchRewards(communityId: number): Promise<PointsReward[]> {
  return getList<PointsReward>(`/api/points/rewards/?community=${communityId}`)
}

/** Spend points, at the price that was shown; once for one `clientId`. */
export function redeem(reward: PointsReward, household: number, clientId: string): Promise<PointsRedemption> {
  const body = { household, quantity: 1, price: reward.price, client_id: clientId }
  return postJson<PointsRedemption>(`/api/points/rewards/${reward.id}/redeem/`, body)
}

export function fetchRedemptions(householdId: number): Promise<PointsRedemption[]> {
  return getList<PointsRedemption>(`/api/points/redemptions/?household=${householdId}`, () => false)
}

export function cancelRedemption(redemptionId: number): Promise<PointsRedemption> {
  return postJson<PointsRedemption>(`/api/points/redemptions/${redemptionId}/cancel/`)
}

export function fetchBoard(communityId: number, period: 'month' | 'year'): Promise<PointsBoard> {
  return getJson<PointsBoard>(`/api/points/boards/?community=${communityId}&period=${period}`)
}

/** The newest votes with the families that stand, at most three. */
export async function fetchVotes(communityId: number): Promise<PointsVote[]> {
  const votes = await getList<{ id: number }>(`/api/points/votes/?community=${communityId}`, () => false)
  const newest = votes.map(({ id }) => id).sort((a, b) => b - a).slice(0, 3)
  return Promise.all(newest.map((id) => getJson<PointsVote>(`/api/points/votes/${id}/`)))
}

/** Vote, once and in secret. */
export function castVote(voteId: number, candidates: readonly number[]): Promise<PointsVote> {
  return postJson<PointsVote>(`/api/points/votes/${voteId}/cast/`, { candidates })
}
