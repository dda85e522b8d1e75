/** The maps in the forms and reports of the back office (Django's admin), which knows nothing else of the front end. */
import { ReportField } from './reportField'
import { ShapeField } from './shapeField'
import './admin-map.css'

declare global {
  interface Window {
    /** For browser tests: the shape fields of the form, by the id of their text. */
    __twinShapes?: ReadonlyMap<string, ShapeField>
    __twinReport?: ReportField
  }
}

const fields = new Map<string, ShapeField>()
for (const root of document.querySelectorAll<HTMLElement>('.twin-map')) {
  const field = new ShapeField(root)
  fields.set(root.querySelector('textarea')!.id, field)
  const choice = document.querySelector<HTMLSelectElement>('select#id_community')
  const community = (): number | null => Number(choice?.value || root.dataset['community']) || null
  choice?.addEventListener('change', () => void field.open(community()))
  void field.open(community())
}
window.__twinShapes = fields

const report = document.querySelector<HTMLElement>('.report-map')
if (report !== null) {
  window.__twinReport = new ReportField(report)
  void window.__twinReport.open()
}
