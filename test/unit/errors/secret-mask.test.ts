import {describe, expect, test} from 'vitest'
import {SecretMask} from '../../../src/errors/secret-mask.ts'
import {traceOf} from '../../../src/errors/trace.ts'

describe('SecretMask', () => {
  test.each([
    ['Authorization: Bearer CANARY.value'],
    ['https://user:CANARYvalue@example.com/path'],
    ['token: CANARYvalue'],
    ['"client-key-data": "CANARYvalue"'],
    ['aws_secret_access_key=CANARYvalue'],
    ['-----BEGIN PRIVATE KEY-----\nCANARY\n-----END PRIVATE KEY-----'],
  ])('hides what looks like a secret: %s', (text) => {
    expect(new SecretMask().apply(text)).not.toContain('CANARY')
  })

  test('hides what was read as a secret, in base64 too, wherever it stands', () => {
    const mask = new SecretMask()
    mask.hide('hunter2hunter2')
    const encoded = Buffer.from('hunter2hunter2').toString('base64')
    expect(mask.apply(`no hunter2hunter2 here, nor ${encoded}`)).toBe('no *** here, nor ***')
  })

  test('leaves texts without secrets as they are', () => {
    const mask = new SecretMask()
    mask.hide('ab')
    const text = 'ab: secret "db" not found at https://127.0.0.1:6443/api'
    expect(mask.apply(text)).toBe(text)
  })
})

test('a trace has frames and causes, and no message', () => {
  const cause = new SyntaxError('Unexpected token in "CANARY"')
  const trace = traceOf(new Error('CANARY', {cause}))
  expect(trace).toMatch(/^Error\n {4}at .*\nCaused by SyntaxError\n {4}at /s)
  expect(trace).not.toContain('CANARY')
})
