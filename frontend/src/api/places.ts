import { getJson, postJson, getList } from './client'
import type { BuildingDetail, BuildingDwelling, DwellingDetail, GridDetail, SearchHit } from './types'

export function fetchGrid(id: number): Promise<GridDetail> {
  return getJson<GridDetail>(`/api/grids/${id}/`)
}

export function fetchBuilding(id: number): Promise<BuildingDetail> {
  return getJson<BuildingDetail>(`/api/buildings/${id}/`)
}

export function fetchBuildingDwellings(id: number): Promise<BuildingDwelling[]> {
  return getList<BuildingDwelling>(`/api/buildings/${id}/dwellings/`)
}

export function fetchDwelling(id: number): Promise<DwellingDetail> {
  return getJson<DwellingDetail>(`/api/dwellings/${id}/`)
}

export async function search(communityId: number, query: string, signal: AbortSignal): Promise<SearchHit[]> {
  const address = `/api/search/?community=${communityId}&q=${encodeURIComponent(query)}`
  const answer = await getJson<SearchHit[] | { results: SearchHit[] }>(address, signal)
  return Array.isArray(answer) ? answer : answer.results
}

/** People by the last four digits of a phone. The server notes each such question and allows only so many a minute. */
export function searchByDigits(communityId: number, digits: string): Promise<SearchHit[]> {
  return postJson<SearchHit[]>('/api/search/digits/', { community: communityId, digits })
}
