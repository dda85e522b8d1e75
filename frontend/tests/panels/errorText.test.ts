import { expect, test } from 'vitest'
import { ApiError } from '@/api/client'
import { errorText } from '@/panels/base/errorText'

test('what the server says is told as it is said', () => {
  expect(errorText(new ApiError(409, 'already_ended', '这个班次已经结束。'))).toBe('这个班次已经结束。')
})

test('a session that has ended is told with what to do about it', () => {
  expect(errorText(new ApiError(401, 'unauthenticated', '请先登录。'))).toBe('登录已失效，请重新登录。')
})

test('a server that does not answer, or says nothing, is told all the same', () => {
  expect(errorText(new ApiError(0, 'network', 'TypeError: fetch failed'))).toBe('连不上服务器，请检查网络。')
  expect(errorText(new ApiError(502, 'http_502', ''))).toContain('http_502')
  expect(errorText(new Error('a slip of ours'))).toContain('服务器出错了')
})
