import { getJson } from './client'

/** The document that says which layers a viewer has, where they come from and how they look. */
export interface Manifest {
  community: {
    id: number
    name: string
    name_en: string
    time_zone: string
    center: [lon: number, lat: number]
    bbox: [west: number, south: number, east: number, north: number]
    approval_number: string
  }
  /** Shape version of the whole community, for tiles below z14. */
  version: number
  /** Shape version per z14 block "14/x/y"; a block not listed has version 0. */
  blocks: Record<string, number>
  grids: ManifestGrid[]
  layers: ManifestLayer[]
}

export interface ManifestGrid {
  id: number
  path: string
  name: string
  name_en: string
  colour: string
  leaf: boolean
  center: [lon: number, lat: number] | null
  granted: boolean
}

export interface Words {
  zh: string
  en: string
}

export type LayerSource =
  | { kind: 'tiles'; url: string; minzoom: number; maxzoom: number }
  | { kind: 'panels'; url: string; zoom: number }
  | { kind: 'live'; stream: string }

export interface LegendEntry {
  label: Words
  colour: string
  symbol: string
}

export interface ManifestLayer {
  name: string
  title: Words
  group: string
  geometry: 'point' | 'line' | 'polygon' | 'panel'
  audience: 'staff' | 'granted'
  visible: boolean
  source: LayerSource
  /** Map style layers without a source. */
  style: Record<string, unknown>[]
  legend: LegendEntry[]
}

export function fetchManifest(communityId: number): Promise<Manifest> {
  return getJson<Manifest>(`/layers/${communityId}/manifest.json`)
}
