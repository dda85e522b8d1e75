import { ApiError, deleteJson, getJson, postJson, SESSION_PATH } from './client'
import type { DemoLogin, Session } from './types'

/** The session, or what a visitor who is not signed in may know. Also sets the CSRF cookie. */
export type SessionAnswer = { signedIn: true; session: Session } | { signedIn: false; demoLogins: DemoLogin[] }

export async function fetchSession(): Promise<SessionAnswer> {
  try {
    return { signedIn: true, session: await getJson<Session>(SESSION_PATH) }
  } catch (reason) {
    if (!(reason instanceof ApiError) || reason.status !== 401) throw reason
    const { demo_logins } = (reason.body ?? {}) as { demo_logins?: DemoLogin[] }
    return { signedIn: false, demoLogins: demo_logins ?? [] }
  }
}

export function logIn(username: string, password: string): Promise<Session> {
  return postJson<Session>(SESSION_PATH, { username, password })
}

export function logOut(): Promise<void> {
  return deleteJson<void>(SESSION_PATH)
}
