import { watch } from 'vue'
import { formatAddress, parseAddress } from '@/state/address'
import { camera, type Camera } from '@/state/camera'
import { chooseFacade, chosenFacade, facadeMode, onlyCategory } from '@/state/facades'
import { selection } from '@/state/selection'

/**
 * Keep camera, selection and facade mode in the address: a new selection or mode is a step of the history, a moved
 * camera is not. `restore` is called when the viewer goes back or forward.
 */
export function keepAddress(restore: (camera: Camera) => void): () => void {
  let restoring = false
  const address = (): string => {
    const { community, camera: asked } = parseAddress(location.search)
    const { name: facade, only } = chosenFacade()
    return location.pathname + formatAddress({ community, camera: camera.value ?? asked, selection: selection.value, facade, only })
  }
  const back = (): void => {
    restoring = true
    const { camera: wanted, selection: picked, facade, only } = parseAddress(location.search)
    selection.value = picked
    chooseFacade(facade, only)
    if (wanted !== null) restore(wanted)
    queueMicrotask(() => (restoring = false))
  }
  addEventListener('popstate', back)
  const stops = [
    watch(camera, () => !restoring && history.replaceState(null, '', address())),
    watch(onlyCategory, () => !restoring && history.replaceState(null, '', address())),
    watch(facadeMode, (now, before) => {
      if (restoring || now?.name === before?.name) return
      // A mode that the address asked for is no new step.
      const known = parseAddress(location.search).facade === (now?.name ?? null)
      history[known ? 'replaceState' : 'pushState'](null, '', address())
    }, { flush: 'sync' }),
    watch(selection, () => !restoring && history.pushState(null, '', address()), { flush: 'sync' }),
  ]
  return () => {
    removeEventListener('popstate', back)
    for (const stop of stops) stop()
  }
}
