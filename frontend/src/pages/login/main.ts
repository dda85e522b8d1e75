import '@/panels/theme.css'
import { createApp } from 'vue'
import { fetchSession } from '@/api/session'
import type { DemoLogin } from '@/api/types'
import { restoreLanguage } from '@/i18n'
import LoginPage from './LoginPage.vue'
import { pathAfterLogin } from './next'

/** The first request also brings the CSRF cookie that the log-in needs. */
async function start(): Promise<void> {
  restoreLanguage(null)
  let demoLogins: DemoLogin[] = []
  try {
    const answer = await fetchSession()
    if (answer.signedIn) return location.replace(pathAfterLogin(location.search))
    demoLogins = answer.demoLogins
  } catch (reason) {
    // The form says so when the visitor tries; without the server there is nothing else to show.
    console.warn(reason)
  }
  createApp(LoginPage, { demoLogins }).mount('#app')
}

void start()
