/** The report that is being ticked together on this page, what it answered, and where it is saved. */
import { computed, shallowRef, watch } from 'vue'
import { ApiError } from '@/api/client'
import { fetchReportCharts, fetchReportFields, fetchTags, runReport } from '@/api/reports'
import type { ReportCharts, ReportField, ReportForm, ReportPage, TagEntry } from '@/api/types'
import { language } from '@/i18n'
import { errorText } from '@/panels/base/errorText'
import type { Loaded } from '@/panels/base/loaded'
import { loadManifest } from '@/state/manifest'
import { community } from '@/state/session'
import { formatDesk, parseDesk } from './address'
import {
  areaAsked, BY_PLACE, draftOf, isSame, newDraft, offeredTo, questionOf, turnedTo, type Area, type Draft, type Subject,
} from './draft'

export type Table = { readonly state: 'idle' } | Loaded<ReportPage>
export const fields = shallowRef<readonly ReportField[]>([])
export const tags = shallowRef<readonly TagEntry[]>([])
export const draft = shallowRef<Draft>(newDraft('person', []))
export const table = shallowRef<Table>({ state: 'idle' })
export const charts = shallowRef<Loaded<ReportCharts>>({ state: 'loading' })
/** What the table on the screen was asked with. */
const shown = shallowRef<Draft | null>(null)
export const form = shallowRef<ReportForm | null>(null)
export const page = shallowRef(1)
/** The last thing that was done, for those who do not see it. */
export const announced = shallowRef('')

export const offered = computed(() => offeredTo(draft.value.of, fields.value))
/** Whether the table answers another question than the one that is ticked now. */
export const isStale = computed(() => shown.value !== null && !isSame(shown.value, draft.value))
/** Ages and sexes are asked only by those who may be told them. */
export const knowsAges = computed(() => fields.value.some(({ id }) => id === 'age'))
export const changedSinceSaved = computed(() => form.value !== null && !isSame(draftOf(form.value.question), draft.value))

export type Opening = Loaded<null> | { readonly state: 'no_right' }
export const opening = shallowRef<Opening>({ state: 'loading' })

/** Everything that the page needs before anything can be ticked. */
export async function open(): Promise<void> {
  const here = community.value
  if (here === null) return
  opening.value = { state: 'loading' }
  try {
    const [known, catalogue] = await Promise.all([fetchReportFields(here.id), fetchTags(here.id), loadManifest(here.id)])
    fields.value = known
    tags.value = catalogue.filter(({ symbol, name }) => symbol !== '' || name.zh !== '')
    restore()
    opening.value = { state: 'ready', data: null }
  } catch (reason) {
    const refused = reason instanceof ApiError && reason.status === 403
    opening.value = refused ? { state: 'no_right' } : { state: 'failed', reason: errorText(reason) }
  }
}

function restore(): void {
  const { draft: said, page: wanted } = parseDesk(location.search)
  const usual = newDraft(said.of ?? 'person', fields.value)
  const known = new Set(offeredTo(usual.of, fields.value).map(({ id }) => id))
  const chosen = said.fields?.filter((id) => known.has(id)) ?? []
  draft.value = { ...usual, ...said, fields: chosen.length > 0 ? chosen : usual.fields }
  void loadCharts()
  if (wanted !== null) void run(wanted)
}

export function change(part: Partial<Draft>): void {
  draft.value = { ...draft.value, ...part }
}

export function turnTo(of: Subject): void {
  draft.value = turnedTo(of, draft.value, fields.value)
}

export function chooseArea(area: Area): void {
  change({ area })
}

let turn = 0
/** Ask for a page of the table as it is ticked now. */
export async function run(wanted = 1): Promise<void> {
  const here = community.value
  if (here === null) return
  const mine = ++turn
  const asked = draft.value
  table.value = { state: 'loading' }
  page.value = wanted
  try {
    const data = await runReport(here.id, questionOf(asked), wanted)
    if (mine !== turn) return
    shown.value = asked
    table.value = { state: 'ready', data }
  } catch (reason) {
    if (mine === turn) table.value = { state: 'failed', reason: errorText(reason) }
  }
}

/** Sort by a column, then the other way round, then by place again. An order that is refused is not kept: trying again helps. */
export async function sortBy(id: string): Promise<void> {
  const { order } = draft.value
  change({ order: order === id ? `-${id}` : order === `-${id}` ? BY_PLACE : id })
  await run(1)
  if (table.value.state === 'failed') change({ order })
}

let chartTurn = 0
export async function loadCharts(): Promise<void> {
  const here = community.value
  if (here === null) return
  const mine = ++chartTurn
  charts.value = { state: 'loading' }
  try {
    const data = await fetchReportCharts(here.id, areaAsked(draft.value.area))
    if (mine === chartTurn) charts.value = { state: 'ready', data }
  } catch (reason) {
    if (mine === chartTurn) charts.value = { state: 'failed', reason: errorText(reason) }
  }
}

/** Open a saved report, without running it when it cannot be run. */
export function openForm(opened: ReportForm): void {
  form.value = opened
  draft.value = draftOf(opened.question)
  if (opened.problem === null && opened.question.fields.length > 0) void run(1)
  else table.value = { state: 'idle' }
}

/** Cells are words of the server. */
watch(language, () => table.value.state === 'ready' && void run(page.value))
watch(() => JSON.stringify(draft.value.area), () => opening.value.state === 'ready' && void loadCharts())
watch([draft, table, form], () => {
  if (opening.value.state !== 'ready') return
  const asked = table.value.state === 'idle' ? null : page.value
  const at = { community: community.value?.id ?? null, form: form.value?.id ?? null, page: asked }
  history.replaceState(null, '', location.pathname + formatDesk(at, draft.value))
})
