// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { pathAfterLogin } from '@/pages/login/next'

test('after logging in one comes back to where one was', () => {
  expect(pathAfterLogin('?next=%2F%3Fsel%3Ddwelling%3A12')).toBe('/?sel=dwelling:12')
  expect(pathAfterLogin('')).toBe('/')
})

test.each(['https://elsewhere.example/', '//elsewhere.example/', 'javascript:alert(1)', '/\\elsewhere.example'])('but never goes to %s', (next) => {
  expect(pathAfterLogin(`?next=${encodeURIComponent(next)}`)).toBe('/')
})
