import { shallowRef, type ShallowRef } from 'vue'
import { errorText } from './errorText'

export interface Sending {
  readonly busy: Readonly<ShallowRef<boolean>>
  /** A sentence for the viewer, null while there is nothing to say. */
  readonly failure: ShallowRef<string | null>
  /** Whether it went well; if not, `failure` says why. */
  send(work: () => Promise<unknown>): Promise<boolean>
}

/** What every dialog does with its button: send, wait, tell what went wrong. */
export function useSending(): Sending {
  const busy = shallowRef(false)
  const failure = shallowRef<string | null>(null)
  async function send(work: () => Promise<unknown>): Promise<boolean> {
    busy.value = true
    failure.value = null
    try {
      await work()
      return true
    } catch (reason) {
      failure.value = errorText(reason)
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, failure, send }
}
