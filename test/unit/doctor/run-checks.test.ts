import {describe, expect, test} from 'vitest'
import {failure} from '../../../src/api/meta/status-error.ts'
import {type Check, defineCheck, ok, type Verdict} from '../../../src/doctor/check.ts'
import type {Patient} from '../../../src/doctor/patient.ts'
import {runChecks} from '../../../src/doctor/run-checks.ts'
import {KntoolError} from '../../../src/errors/kntool-error.ts'
import {FakeClock, settle} from '../../../src/util/fake-clock.ts'

const clock = new FakeClock()
const patient = {clock} as unknown as Patient

function check(id: string, read: () => Promise<Verdict>): Check {
  return defineCheck<Verdict>({
    id,
    category: 'cluster',
    title: id,
    reads: [],
    read,
    judge: (verdict) => verdict,
  })
}

describe('runChecks', () => {
  test('answers in the order of the checks, whichever ends first', async () => {
    const slow = Promise.withResolvers<Verdict>()
    const running = runChecks(
      [check('slow', () => slow.promise), check('quick', async () => ok())],
      patient,
    )
    await settle()
    slow.resolve(ok('seen'))
    expect(await running).toMatchObject([
      {id: 'slow', result: 'ok', evidence: ['seen']},
      {id: 'quick', result: 'ok'},
    ])
  })

  test('gives up on one check without losing the others', async () => {
    const running = runChecks(
      [check('hangs', () => new Promise(() => undefined)), check('fine', async () => ok())],
      patient,
    )
    await settle()
    await clock.advance(5000)
    expect(await running).toMatchObject([
      {id: 'hangs', result: 'unknown', message: 'there was no answer within 5 s', elapsedMs: 5000},
      {id: 'fine', result: 'ok'},
    ])
  })

  test.each([
    [failure(403, 'Forbidden', 'nodes is forbidden'), 'forbidden', 'nodes is forbidden'],
    [failure(401, 'Unauthorized', 'Unauthorized'), 'forbidden', 'Unauthorized'],
    [failure(500, 'InternalError', 'etcd is away'), 'unknown', 'etcd is away'],
    [new KntoolError('KN_FORBIDDEN', 'not allowed'), 'forbidden', 'not allowed'],
    [new KntoolError('KN_UNREACHABLE', 'no answer'), 'unknown', 'no answer'],
    [new KntoolError('KN_TIMEOUT', 'throttled'), 'unknown', 'throttled'],
    [new KntoolError('KN_NOT_FOUND', 'no zone'), 'error', 'no zone'],
    [new TypeError('undefined is not a function'), 'unknown', 'undefined is not a function'],
  ])('%s is %s', async (error, result, message) => {
    const [finding] = await runChecks([check('fails', () => Promise.reject(error))], patient)
    expect(finding).toMatchObject({result, message})
  })
})
