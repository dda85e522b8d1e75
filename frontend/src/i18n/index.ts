import { computed, shallowRef } from 'vue'
import { en } from './en'
import { zh, type MessageKey } from './zh'

export type Language = 'zh' | 'en'
export type { MessageKey }

const STORED = 'twin.language'
const chosen = shallowRef<Language>('zh')

/** The language of the interface. */
export const language = computed<Language>(() => chosen.value)
/** The locale for dates and numbers. */
export const locale = computed(() => (chosen.value === 'zh' ? 'zh-CN' : 'en-GB'))

/** Text of a key in the current language; `{name}` is replaced from `values`. */
export function t(key: MessageKey, values: Readonly<Record<string, string | number>> = {}): string {
  const text = (chosen.value === 'zh' ? zh : en)[key]
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

/** Text of a key that is put together from data; null when there is none. */
export function tIfKnown(key: string): string | null {
  return Object.hasOwn(zh, key) ? t(key as MessageKey) : null
}

/** A pair of words from the server in the current language. */
export function said(words: { zh: string; en: string }): string {
  return chosen.value === 'en' && words.en ? words.en : words.zh
}

/** A name in Chinese with an optional English one. */
export function named(place: { name: string; name_en?: string }): string {
  return chosen.value === 'en' && place.name_en ? place.name_en : place.name
}

/** Choose before the first paint: what was chosen on this machine, else what the account prefers. */
export function restoreLanguage(preferred: Language | null): void {
  const stored = localStorage.getItem(STORED)
  apply(stored === 'zh' || stored === 'en' ? stored : (preferred ?? 'zh'))
}

export function setLanguage(next: Language): void {
  localStorage.setItem(STORED, next)
  apply(next)
}

/** The cookie by which the server knows what was chosen: its refusals and the back office follow. */
const COOKIE = 'django_language'
const YEAR_S = 365 * 24 * 3600

function apply(next: Language): void {
  chosen.value = next
  document.cookie = `${COOKIE}=${next === 'zh' ? 'zh-hans' : 'en'}; path=/; max-age=${YEAR_S}; samesite=lax`
  document.documentElement.lang = next === 'zh' ? 'zh-CN' : 'en'
  document.title = t('app.title')
}
