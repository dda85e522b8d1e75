/** The shapes of `/api/` and of the layer manifest, in the form that openapi-typescript writes. */

type Words = { zh: string; en: string }
type Position = [lon: number, lat: number]

export interface components {
  schemas: {
    User: { id: number; username: string; name: string; language: 'zh' | 'en'; photo: string | null }
    SessionCommunity: {
      id: number
      name: string
      name_en: string
      time_zone: string
      center: Position
      bbox: [number, number, number, number]
      roles: string[]
    }
    Session: { user: components['schemas']['User']; communities: components['schemas']['SessionCommunity'][] }
    DemoLogin: { username: string; password: string; role: Words }
    Head: { name: string; photo: string | null }
    Counts: {
      buildings?: number
      units?: number
      dwellings: number
      estimated_dwellings: number
      devices: number | null
      open_alarms: number | null
      on_shift?: number | null
    }
    GridBrief: { id: number; name: string; head: components['schemas']['Head'] | null }
    Grid: {
      id: number
      name: string
      name_en?: string
      path?: string
      leaf?: boolean
      head: components['schemas']['Head'] | null
      counts: components['schemas']['Counts']
    }
    Unit: { id: number; number: string; floors: number[] }
    Building: {
      id: number
      name: string
      number: string
      address: string
      use: string
      height_m: number | null
      floors_above: number | null
      floors_below: number | null
      grid: components['schemas']['GridBrief']
      center: number[]
      compound: { id: number; name: string } | null
      units: components['schemas']['Unit'][]
      counts: components['schemas']['Counts']
    }
    BuildingDwelling: {
      id: number
      building: number
      unit: number
      unit_number: string
      floor: number
      room: string
      use: string
      estimated: boolean
    }
    Device: {
      id: number
      name: string
      device_kind?: string
      kind?: string
      status: string
      last_seen_at?: string | null
    }
    Alarm: {
      id: number
      grid_id: number
      device_id: number
      device_name: string
      device_kind: string
      building_id: number | null
      unit_id: number | null
      dwelling_id: number | null
      lon: number
      lat: number
      height_m: number
      address: string
      rule: string
      title: Words
      severity: 1 | 2 | 3 | 4
      condition: 'ACTIVE' | 'CLEARED'
      handling: 'NEW' | 'ACKED' | 'DISPATCHED' | 'ON_SITE' | 'RESOLVED' | 'CLOSED'
      count: number
      first_at: string
      last_at: string
      acked_at: string | null
      closed_at: string | null
    }
    Dwelling: {
      id: number
      room: string
      floor: number
      address: string
      use: string
      estimated: boolean
      area_m2: number | null
      base_m: number
      top_m: number
      center: number[]
      unit: { id: number; number: string } | null
      building: { id: number; name: string }
      compound: { id: number; name: string } | null
      grid: components['schemas']['GridBrief']
      community: { id: number; name: string }
    }
    SearchHit: {
      kind: 'dwelling' | 'building' | 'compound' | 'street' | 'grid'
      id: number
      title: string
      subtitle: string
      center: Position
      height_m: number | null
    }
    Shift: {
      id: number
      grid_id: number
      worker_id: number
      worker_name: string
      photo: string | null
      started_at: string
      ended_at: string | null
    }
  }
}
