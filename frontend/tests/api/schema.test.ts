import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import openapi, { astToString } from 'openapi-typescript'
import { expect, test } from 'vitest'

const HERE = join(import.meta.dirname, '../..')

test('the types of the API are those of its description (npm run types)', { timeout: 60_000 }, async () => {
  const description = JSON.parse(readFileSync(join(HERE, 'openapi.json'), 'utf8'))
  const types = astToString(await openapi(description))
  const written = readFileSync(join(HERE, 'src/api/schema.ts'), 'utf8')
  expect(written.slice(written.indexOf('export interface paths'))).toBe(types.slice(types.indexOf('export interface paths')))
})
