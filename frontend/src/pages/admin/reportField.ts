import type { FeatureCollection } from 'geojson'
import { getJson } from '@/api/client'
import { openReportMap, type ReportMap } from '@/map/editing/reportMap'
import { loadManifest } from '@/state/manifest'
import { controlWords, say } from './words'

interface Shapes extends FeatureCollection {
  /** How many rows have a shape here, and how many rows there are. */
  readonly shown: number
  readonly total: number
}

/** The map of a report and the rows below it: a click on one finds the other. */
export class ReportField {
  private readonly canvas: HTMLElement
  private readonly told: HTMLElement
  private map: ReportMap | null = null

  constructor(private readonly root: HTMLElement) {
    this.canvas = root.querySelector<HTMLElement>('.report-map__canvas')!
    this.told = root.querySelector<HTMLElement>('.report-map__told')!
  }

  async open(): Promise<void> {
    this.canvas.dataset['note'] = say('loading')
    try {
      const { shapes: address, query, page, community, label } = this.root.dataset
      const here = new URLSearchParams(query)
      here.set('page', page!)
      const [manifest, shapes] = await Promise.all([
        loadManifest(Number(community)), getJson<Shapes>(`${address}?${here}`),
      ])
      this.tellHowMany(shapes)
      this.map = await openReportMap({
        container: this.canvas, manifest, shapes, locale: controlWords(label ?? ''), clicked: (row) => this.findRow(row),
      })
      delete this.canvas.dataset['note']
      this.offerRows(shapes)
      this.root.dataset['ready'] = ''
    } catch {
      this.canvas.dataset['note'] = say('reportFailed')
    }
  }

  /** Where a place is drawn, in CSS pixels of the map; for browser tests. */
  project(position: readonly [number, number]): [number, number] | null {
    return this.map?.project(position) ?? null
  }

  private tellHowMany({ shown, total }: Shapes): void {
    this.told.textContent = say(shown < total ? 'shapesSome' : 'shapesAll', { shown, total })
  }

  private offerRows(shapes: Shapes): void {
    const drawn = new Set(shapes.features.map(({ id }) => String(id)))
    for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-show]')) {
      const row = button.dataset['show']!
      button.hidden = !drawn.has(row)
      button.addEventListener('click', () => {
        if (this.map?.show(Number(row)) !== true) return
        this.choose(row)
        this.root.scrollIntoView({ block: 'center' })
      })
    }
    const asked = new URLSearchParams(location.search).get('row')
    if (asked !== null && this.map?.show(Number(asked)) === true) this.choose(asked)
  }

  /** The row of a shape: on this page, or on the page where it is. */
  private findRow(row: number): void {
    if (this.choose(String(row))) {
      document.getElementById(`row-${row}`)!.scrollIntoView({ block: 'center' })
      return
    }
    const there = new URLSearchParams(this.root.dataset['query'])
    there.set('row', String(row))
    location.assign(`${this.root.dataset['rows']}?${there}#row-${row}`)
  }

  private choose(row: string): boolean {
    document.querySelector('tr.row--chosen')?.classList.remove('row--chosen')
    const line = document.getElementById(`row-${row}`)
    line?.classList.add('row--chosen')
    return line !== null
  }
}
