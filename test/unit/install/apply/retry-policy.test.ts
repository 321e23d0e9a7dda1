import {describe, expect, test} from 'vitest'
import {failure} from '../../../../src/api/meta/status-error.ts'
import {KntoolError} from '../../../../src/errors/kntool-error.ts'
import {retryReason} from '../../../../src/install/apply/retry-policy.ts'

const WEBHOOK =
  'Internal error occurred: failed calling webhook "config.webhook.serving.knative.dev": failed to call webhook: no endpoints available for service "webhook"'
const DENIED =
  'admission webhook "validation.webhook.serving.knative.dev" denied the request: validation failed'
const GONE = new KntoolError('KN_UNREACHABLE', 'Cannot reach the cluster.')

describe('what is repeated', () => {
  test.each([
    ['429', failure(429, 'TooManyRequests', 'slow down'), 'PATCH', 'short'],
    ['500', failure(500, 'InternalError', 'etcdserver: leader changed'), 'GET', 'short'],
    ['503', failure(503, 'ServiceUnavailable', 'not yet'), 'DELETE', 'short'],
    ['a webhook that is starting', failure(500, 'InternalError', WEBHOOK), 'PATCH', 'long'],
    ['a write in between', failure(409, 'Conflict', 'object has been modified'), 'PATCH', 'short'],
    ['a kind not served yet', failure(404, 'NotFound', 'page not found'), 'PATCH', 'short'],
    ['a lost connection', GONE, 'PATCH', 'short'],
  ] as const)('%s', (_name, error, method, patience) => {
    expect(retryReason(error, {method}, true)?.patience).toBe(patience)
  })

  test('as late as the server wishes', () => {
    const error = failure(429, 'TooManyRequests', 'slow down', {retryAfterSeconds: 7})
    expect(retryReason(error, {method: 'GET'}, true)?.afterMs).toBe(7000)
  })
})

test.each([
  ['what a webhook refused', failure(400, 'BadRequest', DENIED), 'PATCH', true],
  ['a server that never answered', GONE, 'GET', false],
  ['something that is there', failure(409, 'AlreadyExists', 'exists'), 'POST', true],
  [
    'fields of others',
    failure(409, 'Conflict', 'Apply failed with 1 conflict', {
      causes: [{reason: 'FieldManagerConflict', message: 'conflict with "x"', field: '.spec'}],
    }),
    'PATCH',
    true,
  ],
  ['an object not found', failure(404, 'NotFound', 'x', {name: 'x'}), 'PATCH', true],
  ['a kind asked for by reading', failure(404, 'NotFound', 'page not found'), 'GET', true],
  ['no permission', failure(403, 'Forbidden', 'no'), 'PATCH', true],
  ['an invalid object', failure(422, 'Invalid', 'no'), 'PATCH', true],
  ['a bug', new TypeError('x'), 'GET', true],
] as const)('not repeated: %s', (_name, error, method, answeredBefore) => {
  expect(retryReason(error, {method}, answeredBefore)).toBeUndefined()
})
