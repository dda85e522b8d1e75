import { locale, t } from './index'

const HOUR_MS = 3_600_000

/** A number with the grouping of the language. */
export function formatNumber(value: number, mostDecimals = 0): string {
  return new Intl.NumberFormat(locale.value, { maximumFractionDigits: mostDecimals }).format(value)
}

/** A change of a number, always with its sign: +5, −3. */
export function formatChange(value: number): string {
  return new Intl.NumberFormat(locale.value, { signDisplay: 'exceptZero' }).format(value).replace('-', '−')
}

/** The clock in a community's time zone, 24 hours. */
export function formatClock(ms: number, timeZone: string, seconds = true): string {
  return new Intl.DateTimeFormat(locale.value, {
    timeZone, hour: '2-digit', minute: '2-digit', ...(seconds ? { second: '2-digit' } : {}), hourCycle: 'h23',
  }).format(ms)
}

export function formatDate(ms: number, timeZone: string): string {
  return new Intl.DateTimeFormat(locale.value, {
    timeZone, year: 'numeric', month: 'long', day: 'numeric', weekday: 'short',
  }).format(ms)
}

/** A moment: only the time today, else month and day too. */
export function formatMoment(iso: string, now: number, timeZone: string): string {
  const ms = Date.parse(iso)
  const time = formatClock(ms, timeZone)
  if (dayOf(ms, timeZone) === dayOf(now, timeZone)) return time
  const day = new Intl.DateTimeFormat(locale.value, { timeZone, month: 'short', day: 'numeric' }).format(ms)
  return `${day} ${time}`
}

/** A day in a community's time zone, in digits. */
export function formatDay(iso: string, timeZone: string): string {
  return new Intl.DateTimeFormat(locale.value, { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(Date.parse(iso))
}

/** How long ago, in the largest whole unit. */
export function formatAge(iso: string, now: number): string {
  const minutes = Math.floor((now - Date.parse(iso)) / 60_000)
  if (minutes < 1) return t('time.justNow')
  if (minutes < 60) return t('time.minutesAgo', { count: minutes })
  if (minutes < 48 * 60) return t('time.hoursAgo', { count: Math.floor(minutes / 60) })
  return t('time.daysAgo', { count: Math.floor(minutes / 1440) })
}

/** The calendar day in a time zone, "2026-03-01". */
export function dayOf(ms: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(ms)
}

/** The hour of the day in a time zone, 0 .. 23. */
export function hourOf(ms: number, timeZone: string): number {
  return Number(new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hourCycle: 'h23' }).format(ms))
}

/** When the day of a moment began in a time zone, in milliseconds since 1970. */
export function startOfDay(ms: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone, hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
  }).formatToParts(ms)
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value ?? 0)
  return Math.floor(ms / 1000) * 1000 - ((part('hour') * 60 + part('minute')) * 60 + part('second')) * 1000
}

/** When a calendar day, "2026-03-01", is over in a time zone: the beginning of the next one. */
export function endOfDay(day: string, timeZone: string): string {
  const noon = Date.parse(`${day}T12:00:00Z`)
  const inside = [noon, noon - 12 * HOUR_MS, noon + 12 * HOUR_MS].find((ms) => dayOf(ms, timeZone) === day) ?? noon
  return new Date(startOfDay(startOfDay(inside, timeZone) + 36 * HOUR_MS, timeZone)).toISOString()
}
