import { watch } from 'vue'
import { formatAddress, parseAddress } from '@/state/address'
import { camera, type Camera } from '@/state/camera'
import { selection } from '@/state/selection'

/**
 * Keep camera and selection in the address: a new selection is a step of the history, a moved camera is
 * not. `restore` is called when the viewer goes back or forward.
 */
export function keepAddress(restore: (camera: Camera) => void): () => void {
  let restoring = false
  const address = (): string => {
    const { community } = parseAddress(location.search)
    return location.pathname + formatAddress({ community, camera: camera.value, selection: selection.value })
  }
  const back = (): void => {
    restoring = true
    const { camera: wanted, selection: picked } = parseAddress(location.search)
    selection.value = picked
    if (wanted !== null) restore(wanted)
    queueMicrotask(() => (restoring = false))
  }
  addEventListener('popstate', back)
  const stops = [
    watch(camera, () => !restoring && history.replaceState(null, '', address())),
    watch(selection, () => !restoring && history.pushState(null, '', address()), { flush: 'sync' }),
  ]
  return () => {
    removeEventListener('popstate', back)
    for (const stop of stops) stop()
  }
}
