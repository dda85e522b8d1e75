import { beforeEach, describe, expect, test } from 'vitest'
import {
  alarmsByUrgency, applyAlarm, applyAlarmDetail, onAlarmNews, openAlarms, pendingCount, rememberStarts, replaceAlarms,
  startsToday,
} from '@/state/alarms'
import { alarm } from '../live/facts'

beforeEach(() => {
  for (const grid of [12, 13]) replaceAlarms(`alarms:${grid}`, [])
  startsToday.clear()
})

describe('open alarms', () => {
  test('are what the snapshot of each topic says, and no more', () => {
    replaceAlarms('alarms:12', [alarm({ id: 1 }), alarm({ id: 2 })])
    replaceAlarms('alarms:13', [alarm({ id: 3, grid_id: 13 })])
    replaceAlarms('alarms:12', [alarm({ id: 2 })])
    expect([...openAlarms.keys()].sort()).toEqual([2, 3])
  })

  test('leave when they are closed', () => {
    replaceAlarms('alarms:12', [alarm({ id: 1 })])
    applyAlarm('alarms:12', alarm({ id: 1, handling: 'CLOSED', condition: 'CLEARED' }))
    expect(openAlarms.size).toBe(0)
    expect(startsToday.has(1)).toBe(true)
  })

  test('that move to another grid stay, whichever topic speaks first', () => {
    replaceAlarms('alarms:12', [alarm({ id: 1 })])
    applyAlarm('alarms:13', alarm({ id: 1, grid_id: 13 }))
    applyAlarm('alarms:12', { kind: 'alarm_left', id: 1 })
    expect(openAlarms.get(1)?.grid_id).toBe(13)
    applyAlarm('alarms:13', { kind: 'alarm_left', id: 1 })
    expect(openAlarms.size).toBe(0)
  })

  test('count as pending until someone acknowledges them', () => {
    replaceAlarms('alarms:12', [alarm({ id: 1 }), alarm({ id: 2, handling: 'ACKED' })])
    expect(pendingCount.value).toBe(1)
    applyAlarmDetail({ ...alarm({ id: 1, handling: 'ACKED', acked_at: '2026-03-01T08:01:00Z' }) })
    expect(pendingCount.value).toBe(0)
  })

  test('stand by urgency: unacknowledged, then severe, then new', () => {
    replaceAlarms('alarms:12', [
      alarm({ id: 1, severity: 1, handling: 'ACKED' }), alarm({ id: 2, severity: 3 }),
      alarm({ id: 3, severity: 1 }), alarm({ id: 4, severity: 1, last_at: '2026-03-01T09:00:00Z' }),
    ])
    expect(alarmsByUrgency.value.map(({ id }) => id)).toEqual([4, 3, 2, 1])
  })
})

test('news are what arrives after the snapshot: new alarms and repeats, not acknowledgements', () => {
  replaceAlarms('alarms:12', [alarm({ id: 1 })])
  const news: string[] = []
  const stop = onAlarmNews(({ alarm: { id }, what }) => news.push(`${what} ${id}`))
  applyAlarm('alarms:12', alarm({ id: 1, handling: 'ACKED' }))
  applyAlarm('alarms:12', alarm({ id: 1, count: 2 }))
  applyAlarm('alarms:12', alarm({ id: 2 }))
  stop()
  applyAlarm('alarms:12', alarm({ id: 3 }))
  expect(news).toEqual(['repeated 1', 'raised 2'])
})

test('the chart of the day forgets what began before midnight', () => {
  rememberStarts([alarm({ id: 1 })], Date.parse('2026-03-01T00:00:00Z'))
  expect(startsToday.has(1)).toBe(true)
  rememberStarts([], Date.parse('2026-03-02T00:00:00Z'))
  expect(startsToday.has(1)).toBe(false)
})
