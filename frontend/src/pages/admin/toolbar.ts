import { singleOf, type Kind } from '@/map/editing/pieces'
import type { Tool } from '@/map/editing/sketch'
import { say, type Word } from './words'

export interface ToolbarActions {
  use(tool: Tool): void
  remove(): void
  undo(): void
  fit(): void
}

/** Buttons above the map: three tools of which one is chosen, and three things to do at once. */
export class Toolbar {
  readonly element = document.createElement('div')
  private readonly hint = document.createElement('p')
  private readonly tools = new Map<Tool, HTMLButtonElement>()
  private readonly removing: HTMLButtonElement
  private readonly undoing: HTMLButtonElement

  constructor(private readonly kind: Kind, private readonly actions: ToolbarActions) {
    this.element.className = 'twin-map__tools'
    this.element.setAttribute('role', 'toolbar')
    this.element.setAttribute('aria-label', say('map'))
    this.addTool('edit', 'edit')
    this.addTool('draw', kind.startsWith('Multi') ? 'draw' : 'redraw')
    if (singleOf(kind) === 'Polygon') this.addTool('hole', 'hole')
    this.removing = this.addButton('remove', () => actions.remove())
    this.undoing = this.addButton('undo', () => actions.undo())
    this.addButton('fit', () => actions.fit())
    this.hint.className = 'twin-map__hint'
    this.element.append(this.hint)
    this.selected(false)
    this.undoable(false)
  }

  private addTool(tool: Tool, word: Word): void {
    const button = this.addButton(word, () => this.actions.use(tool))
    button.dataset['tool'] = tool
    this.tools.set(tool, button)
  }

  private addButton(word: Word, act: () => void): HTMLButtonElement {
    const button = document.createElement('button')
    button.type = 'button'
    button.textContent = say(word)
    button.dataset['action'] = word
    button.addEventListener('click', act)
    this.element.append(button)
    return button
  }

  chosen(tool: Tool): void {
    for (const [name, button] of this.tools) button.setAttribute('aria-pressed', String(name === tool))
    this.hint.textContent = say(hintOf(tool, this.kind))
  }

  selected(some: boolean): void {
    this.removing.disabled = !some
  }

  undoable(some: boolean): void {
    this.undoing.disabled = !some
  }
}

function hintOf(tool: Tool, kind: Kind): Word {
  const single = singleOf(kind)
  if (tool === 'hole') return 'hintHole'
  if (tool === 'draw') return `hintDraw${single}`
  return single === 'Point' ? 'hintPoint' : 'hintEdit'
}
