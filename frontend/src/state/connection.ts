import { shallowRef } from 'vue'
import type { ConnectionState } from '@/live/connection'

/** The state of the live line and since when (milliseconds since 1970, this machine's clock). */
export const connection = shallowRef<{ state: ConnectionState; since: number }>({
  state: 'connecting',
  since: Date.now(),
})
