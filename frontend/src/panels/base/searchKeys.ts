/**
 * From the field of a search into what it found: down to the first, Enter takes it. `list` holds the choices, each an input.
 */
export function intoFound(event: KeyboardEvent, list: HTMLElement | null): void {
  if (event.isComposing || (event.key !== 'ArrowDown' && event.key !== 'Enter')) return
  const first = [...(list?.querySelectorAll<HTMLInputElement>('[data-found] input') ?? [])].find((one) => one.offsetParent !== null)
  if (first === undefined) return
  event.preventDefault()
  first.focus()
  if (event.key === 'Enter') first.click()
}
