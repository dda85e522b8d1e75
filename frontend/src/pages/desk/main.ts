import '@/panels/theme.css'
import { createApp } from 'vue'
import { onSignedOut } from '@/api/client'
import { fetchSession } from '@/api/session'
import { restoreLanguage } from '@/i18n'
import { parseAddress } from '@/state/address'
import { enter } from '@/state/session'
import { watchScreen } from '@/state/screen'
import FailedPage from '../command/FailedPage.vue'
import { goToLogin } from '../login/next'
import DeskPage from './DeskPage.vue'

/** As the command page: nothing is drawn before the session is known. */
async function start(): Promise<void> {
  onSignedOut(goToLogin)
  watchScreen()
  try {
    const answer = await fetchSession()
    if (!answer.signedIn) return goToLogin()
    restoreLanguage(answer.session.user.language)
    enter(answer.session, parseAddress(location.search).community)
    createApp(DeskPage).mount('#app')
  } catch (reason) {
    console.error(reason)
    restoreLanguage(null)
    createApp(FailedPage, { reason }).mount('#app')
  }
}

void start()
