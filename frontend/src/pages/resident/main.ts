import './resident.css'
import { createApp } from 'vue'
import { restoreLanguage } from '@/i18n'
import ResidentPage from './ResidentPage.vue'

restoreLanguage(null)
createApp(ResidentPage).mount('#app')
