import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'
import { errorText } from './errorText'

/** Something that is fetched: not there yet, there, or failed with a sentence for the viewer. */
export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly data: T }
  | { readonly state: 'failed'; readonly reason: string }

export interface Loading<T> {
  readonly result: Readonly<ShallowRef<Loaded<T>>>
  reload(): void
}

/** Fetch whenever `key` changes; an answer that comes too late for its key is dropped. */
export function useLoaded<K, T>(key: () => K, load: (key: K) => Promise<T>): Loading<T> {
  const result = shallowRef<Loaded<T>>({ state: 'loading' })
  let turn = 0
  const run = async (quiet: boolean): Promise<void> => {
    const mine = ++turn
    if (!quiet) result.value = { state: 'loading' }
    try {
      const data = await load(key())
      if (mine === turn) result.value = { state: 'ready', data }
    } catch (reason) {
      if (mine === turn) result.value = { state: 'failed', reason: errorText(reason) }
    }
  }
  watch(key, () => void run(false), { immediate: true })
  onScopeDispose(() => turn++)
  return { result, reload: () => void run(result.value.state === 'ready') }
}
