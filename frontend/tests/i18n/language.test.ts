// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest'
import { restoreLanguage, setLanguage } from '@/i18n'

beforeEach(() => localStorage.clear())

test('the server is told which language was chosen', () => {
  setLanguage('en')
  expect(document.cookie).toContain('django_language=en')
  setLanguage('zh')
  expect(document.cookie).toContain('django_language=zh-hans')
})

test('what the account prefers is told too', () => {
  restoreLanguage('en')
  expect(document.cookie).toContain('django_language=en')
})
