/** What the server answers when it refuses: `{"error": {"code", "message", "where"?}}`. */
interface ErrorBody {
  error?: { code?: string; message?: string; where?: string }
}

/** A request that failed. `code` names the reason; 'network' when no answer came at all. */
export class ApiError extends Error {
  override readonly name = 'ApiError'

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** The parsed body of the answer, if it was JSON. */
    readonly body: unknown = null,
  ) {
    super(message)
  }
}

type Listener = () => void
let signedOut: Listener = () => undefined

/** Called once a request finds the session gone, except for the log-in itself. */
export function onSignedOut(listener: Listener): void {
  signedOut = listener
}

export function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return request<T>('GET', path, undefined, signal)
}

export function postJson<T>(path: string, body: unknown = {}): Promise<T> {
  return request<T>('POST', path, body)
}

export function patchJson<T>(path: string, body: unknown): Promise<T> {
  return request<T>('PATCH', path, body)
}

/** A form with files. */
export function postForm<T>(path: string, form: FormData): Promise<T> {
  return request<T>('POST', path, form)
}

export function deleteJson<T>(path: string): Promise<T> {
  return request<T>('DELETE', path)
}

/** What is asked by posting and answered with a file; `otherwise` names a file that has no name of its own. */
export async function postForFile(path: string, body: unknown, otherwise: string): Promise<{ file: Blob; name: string }> {
  const response = await answerTo('POST', path, body)
  return { file: await response.blob(), name: nameOfFile(response.headers.get('Content-Disposition')) ?? otherwise }
}

/** The name that a file is sent with (RFC 6266): the encoded one, if there is one; null without any. */
export function nameOfFile(disposition: string | null): string | null {
  const encoded = /filename\*=utf-8''([^;]+)/i.exec(disposition ?? '')?.[1]
  if (encoded !== undefined) return decodeURIComponent(encoded)
  return /filename="([^"]+)"/.exec(disposition ?? '')?.[1] ?? null
}

async function request<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const response = await answerTo(method, path, body, signal)
  if (response.status === 204) return undefined as T
  return (await response.json().catch(() => null)) as T
}

/** The answer, if it is a good one. Raises ApiError otherwise. */
async function answerTo(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  if (method !== 'GET') headers['X-CSRFToken'] = cookie('csrftoken')
  const form = body instanceof FormData // the browser says its boundary itself
  if (body !== undefined && !form) headers['Content-Type'] = 'application/json'
  let response: Response
  try {
    response = await fetch(path, {
      method, headers, signal, credentials: 'same-origin',
      body: body === undefined || form ? body : JSON.stringify(body),
    })
  } catch (reason) {
    if (reason instanceof DOMException && reason.name === 'AbortError') throw reason
    throw new ApiError(0, 'network', String(reason))
  }
  if (response.ok) return response
  const answer: unknown = await response.json().catch(() => null)
  if (response.status === 401 && path !== SESSION_PATH) signedOut()
  const { error } = (answer ?? {}) as ErrorBody
  throw new ApiError(response.status, error?.code ?? `http_${response.status}`, error?.message ?? '', answer)
}

export const SESSION_PATH = '/api/session/'

function cookie(name: string): string {
  const pair = document.cookie.split('; ').find((part) => part.startsWith(`${name}=`))
  return pair === undefined ? '' : decodeURIComponent(pair.slice(name.length + 1))
}

interface Page<T> {
  results: T[]
  next?: string | null
}

/**
 * A list endpoint, whether it answers with a bare array or with pages. Further pages are asked for as long as
 * `more` says so of the rows that the last one brought, up to a limit.
 */
export async function getList<T>(path: string, more: (rows: readonly T[]) => boolean = () => true): Promise<T[]> {
  const rows: T[] = []
  let next: string | null = path
  for (let page = 0; next !== null && page < MOST_PAGES; page++) {
    const answer: T[] | Page<T> = await getJson<T[] | Page<T>>(next)
    if (Array.isArray(answer)) return answer
    rows.push(...answer.results)
    next = answer.next && more(answer.results) ? sameOrigin(answer.next) : null
  }
  return rows
}

const MOST_PAGES = 20

/** Paging links are absolute and may carry an inner host name behind a proxy: keep the path only. */
function sameOrigin(address: string): string {
  const url = new URL(address, location.href)
  return url.pathname + url.search
}
