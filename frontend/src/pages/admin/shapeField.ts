import { joinPieces, Nonsense, parseGeometry, splitGeometry, type Kind, type Piece } from '@/map/editing/pieces'
import { openShapeEditor, type ShapeEditor } from '@/map/editing/shapeEditor'
import type { Tool } from '@/map/editing/sketch'
import { loadManifest } from '@/state/manifest'
import { Toolbar } from './toolbar'
import { controlWords, say, sayFault } from './words'

/** One geometry of a form: the map, and the text that is sent. Whichever is changed, the other follows. */
export class ShapeField {
  private readonly kind: Kind
  private readonly canvas: HTMLElement
  private readonly text: HTMLTextAreaElement
  private readonly problem: HTMLElement
  private readonly count: HTMLElement
  private readonly toolbar: Toolbar
  private editor: ShapeEditor | null = null
  private undoText: string[] = []
  private drawn = ''

  constructor(private readonly root: HTMLElement) {
    this.kind = root.dataset['kind'] as Kind
    this.canvas = part(root, 'canvas')
    this.text = root.querySelector('textarea')!
    this.problem = part(root, 'problem')
    this.count = part(root, 'count')
    this.toolbar = new Toolbar(this.kind, {
      use: (tool) => this.use(tool),
      remove: () => this.editor?.removeSelected(),
      undo: () => this.undo(),
      fit: () => this.editor?.fit(true),
    })
    if (!this.readOnly) this.canvas.before(this.toolbar.element)
    this.text.addEventListener('input', () => this.textChanged())
    this.tellCount()
  }

  private get readOnly(): boolean {
    return 'readonly' in this.root.dataset
  }

  private get layer(): string {
    return this.root.dataset['layer'] ?? ''
  }

  /** Open, or open again, on the ground of a community; null says that one is to be chosen. */
  async open(community: number | null): Promise<void> {
    this.editor?.close()
    this.editor = null
    delete this.root.dataset['ready']
    this.canvas.dataset['note'] = say(community === null ? 'noCommunity' : 'loading')
    if (community === null) return
    try {
      const manifest = await loadManifest(community)
      const own = Number(this.root.dataset['own']) || null
      this.editor = await openShapeEditor({
        container: this.canvas, manifest, kind: this.kind, readOnly: this.readOnly,
        edited: { layer: this.layer, id: own },
        locale: controlWords(this.root.dataset['label'] ?? ''),
        changed: (added) => this.drawingChanged(added),
        selected: (some) => this.toolbar.selected(some),
      }, this.piecesOfText())
      delete this.canvas.dataset['note']
      this.drawn = JSON.stringify(this.editor.pieces)
      this.use(this.text.value.trim() === '' && !this.readOnly ? 'draw' : 'edit')
      this.root.dataset['ready'] = ''
    } catch {
      this.canvas.dataset['note'] = say('failed')
      this.root.querySelector('details')!.open = true
    }
  }

  /** Where a place is drawn, in CSS pixels of the map; for browser tests. */
  project(position: readonly [number, number]): [number, number] | null {
    return this.editor?.project(position) ?? null
  }

  private use(tool: Tool): void {
    this.editor?.use(tool)
    this.toolbar.chosen(tool)
  }

  private piecesOfText(): Piece[] {
    try {
      const geometry = parseGeometry(this.text.value, this.kind)
      return geometry === null ? [] : splitGeometry(geometry)
    } catch {
      return []
    }
  }

  private drawingChanged(added: Piece | null): void {
    const editor = this.editor
    if (editor === null) return
    // A field that holds one shape: the new one takes the place of the old.
    if (added !== null && !added.hole && !this.kind.startsWith('Multi')) editor.show([added])
    const pieces = editor.pieces
    const now = JSON.stringify(pieces)
    if (now === this.drawn) return
    this.drawn = now
    if (added !== null) queueMicrotask(() => this.use('edit'))
    try {
      const geometry = joinPieces(pieces, this.kind)
      this.write(geometry === null ? '' : JSON.stringify(geometry))
      this.tell(null)
    } catch (error) {
      this.tell(error)
    }
  }

  private write(text: string): void {
    this.undoText.push(this.text.value)
    this.toolbar.undoable(true)
    this.text.value = text
    this.tellCount()
    this.text.dispatchEvent(new Event('change', { bubbles: true }))
  }

  private textChanged(): void {
    try {
      const geometry = parseGeometry(this.text.value, this.kind)
      this.show(geometry === null ? [] : splitGeometry(geometry))
      this.editor?.fit(false)
      this.tell(null)
      this.tellCount()
    } catch (error) {
      this.tell(error)
    }
  }

  private undo(): void {
    const before = this.undoText.pop()
    if (before === undefined) return
    this.toolbar.undoable(this.undoText.length > 0)
    this.text.value = before
    this.use('edit')
    this.textChanged()
  }

  private show(pieces: readonly Piece[]): void {
    this.editor?.show(pieces)
    this.drawn = JSON.stringify(this.editor?.pieces ?? [])
  }

  private tell(error: unknown): void {
    if (error !== null && !(error instanceof Nonsense)) throw error
    this.problem.textContent = error === null ? '' : sayFault(error.fault, this.kind)
    this.text.setAttribute('aria-invalid', String(error !== null))
    if (error !== null) this.root.querySelector('details')!.open = true
  }

  private tellCount(): void {
    const pieces = this.piecesOfText()
    const holes = pieces.filter(({ hole }) => hole).length
    this.count.textContent = pieces.length === 0
      ? say('empty')
      : say('parts', { count: pieces.length - holes }) + (holes > 0 ? say('holes', { count: holes }) : '')
  }
}

function part(root: HTMLElement, name: string): HTMLElement {
  return root.querySelector<HTMLElement>(`.twin-map__${name}`)!
}
