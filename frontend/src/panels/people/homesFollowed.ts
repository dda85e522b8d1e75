import { onScopeDispose, watch } from 'vue'
import { AlarmClock } from '@/state/alarmClock'
import { onHomeNews } from '@/state/homeNews'

/** What news have to be about to concern people and their tags; "places": homes that belong to others now. */
const ABOUT = new Set(['people', 'places'])
/** Several news at once are one question: each look is noted in the audit. */
const PAUSE_MS = 700

/** Ask anew when others change something about these homes, and when something that is shown runs out. */
export function followHomes(homes: () => readonly number[], changesAt: () => string | null, renew: () => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const soon = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined
      renew()
    }, PAUSE_MS)
  }
  const stop = onHomeNews((about, dwellings) => {
    if (ABOUT.has(about) && (dwellings === null || homes().some((id) => dwellings.includes(id)))) soon()
  })
  const alarm = new AlarmClock(renew)
  watch(changesAt, (at) => alarm.set(at), { immediate: true })
  onScopeDispose(() => {
    stop()
    clearTimeout(timer)
    alarm.set(null)
  })
}
