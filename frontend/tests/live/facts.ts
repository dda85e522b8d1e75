import type { AlarmFact } from '@/live/messages'

/** An alarm that burns in dwelling 100 of grid 12, changed as a test needs it. */
export function alarm(change: Partial<AlarmFact> = {}): AlarmFact {
  return {
    kind: 'alarm', id: 1, grid_id: 12, device_id: 5, device_name: '烟感-5', device_kind: 'smoke', building_id: 3, unit_id: 4,
    dwelling_id: 100, lon: 113.94, lat: 22.53, height_m: 12, address: '1号楼2单元502室', rule: 'alarm',
    title: { zh: '烟雾报警', en: 'Smoke' }, severity: 1, condition: 'ACTIVE', handling: 'NEW', count: 1,
    first_at: '2026-03-01T08:00:00Z', last_at: '2026-03-01T08:00:00Z', acked_at: null, closed_at: null, ...change,
  }
}
