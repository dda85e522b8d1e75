import { shallowRef, type ShallowRef } from 'vue'

/** As many are offered first. */
const MOST = 6

export interface Recent {
  /** The last used first. */
  readonly names: Readonly<ShallowRef<readonly string[]>>
  use(name: string): void
}

/** What was chosen last in this browser: names and ids of a list, nothing about anybody. */
export function recentlyUsed(key: string): Recent {
  const names = shallowRef(stored(key))
  return {
    names,
    use(name) {
      names.value = [name, ...names.value.filter((one) => one !== name)].slice(0, MOST)
      localStorage.setItem(key, JSON.stringify(names.value))
    },
  }
}

function stored(key: string): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]')
    return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string').slice(0, MOST) : []
  } catch {
    return []
  }
}
