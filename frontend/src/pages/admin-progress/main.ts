/** Pages of the back office that wait for work in the background: asks how far it is, and loads anew when it has ended. */
const EVERY_MS = 1000

interface Progress {
  readonly on_its_way: boolean
  readonly step: string
  readonly done: number
  readonly total: number
}

async function follow(root: HTMLElement): Promise<void> {
  const answer = await fetch(root.dataset['progress']!, { headers: { Accept: 'application/json' } })
  if (!answer.ok) return location.reload()
  const { on_its_way, step, done, total } = await answer.json() as Progress
  if (!on_its_way) return location.reload()
  root.querySelector('[data-step]')!.textContent = step
  root.querySelector('[data-done]')!.textContent = total > 0 ? `${done} / ${total}` : ''
  const bar = root.querySelector('progress')!
  if (total > 0) [bar.max, bar.value] = [total, done]
  else bar.removeAttribute('value')
}

for (const root of document.querySelectorAll<HTMLElement>('[data-progress]')) {
  // A network that is away for a moment: asked again with the next turn.
  setInterval(() => void follow(root).catch(() => undefined), EVERY_MS)
}
