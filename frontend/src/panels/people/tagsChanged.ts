import { inject, provide, type InjectionKey } from 'vue'

const KEY: InjectionKey<() => void> = Symbol('tags changed')

/** What is to happen when a tag was given, verified or ended somewhere below: ask for the people anew. */
export function onTagsChanged(renew: () => void): void {
  provide(KEY, renew)
}

export function useTagsChanged(): () => void {
  return inject(KEY, () => undefined)
}
