import { deleteJson, getJson, getList, patchJson, postForFile, postJson } from './client'
import type {
  ReportArea, ReportCharts, ReportField, ReportForm, ReportFormEntry, ReportPage, ReportQuestion, TagEntry,
} from './types'

export const EXPORTS = ['xlsx', 'csv'] as const
export type ExportFormat = (typeof EXPORTS)[number]

/** What this viewer may tick. 403 for staff whose role does not work with people. */
export function fetchReportFields(community: number): Promise<ReportField[]> {
  return getJson<ReportField[]>(`/api/report-fields/?community=${community}`)
}

export function fetchTags(community: number): Promise<TagEntry[]> {
  return getList<TagEntry>(`/api/tags/?community=${community}`)
}

/** One page of the table. Asking is noted in the audit. */
export function runReport(community: number, question: ReportQuestion, page: number): Promise<ReportPage> {
  return postJson<ReportPage>('/api/reports/run/', { ...question, community, page })
}

/** The whole as a file, and what it is called. 413 when it is too long. */
export function exportReport(
  community: number, question: ReportQuestion, format: ExportFormat, title: string | null,
): Promise<{ file: Blob; name: string }> {
  const named = title === null ? {} : { title }
  return postForFile(`/api/reports/export/?format=${format}`, { ...question, ...named, community }, `report.${format}`)
}

export function fetchReportCharts(community: number, area: ReportArea): Promise<ReportCharts> {
  return postJson<ReportCharts>('/api/reports/charts/', { community, area })
}

export function fetchReportForms(community: number): Promise<ReportFormEntry[]> {
  return getJson<ReportFormEntry[]>(`/api/report-forms/?community=${community}`)
}

/** One, with why it cannot be run as it is. */
export function fetchReportForm(id: number): Promise<ReportForm> {
  return getJson<ReportForm>(`/api/report-forms/${id}/`)
}

export function saveReportForm(community: number, name: string, shared: boolean, question: ReportQuestion): Promise<ReportForm> {
  return postJson<ReportForm>('/api/report-forms/', { community, name, shared, question })
}

/** What is not named stays. */
export function changeReportForm(
  id: number, changed: { name?: string; shared?: boolean; question?: ReportQuestion },
): Promise<ReportForm> {
  return patchJson<ReportForm>(`/api/report-forms/${id}/`, changed)
}

export function endReportForm(id: number): Promise<void> {
  return deleteJson<void>(`/api/report-forms/${id}/`)
}
