import {describe, expect, test} from 'vitest'
import {CONFIG_MAPS} from '../../../../src/api/core/v1.ts'
import type {ApiResponse} from '../../../../src/api/transport.ts'
import {Client} from '../../../../src/client/client.ts'
import {KntoolError} from '../../../../src/errors/kntool-error.ts'
import {patientClient} from '../../../../src/install/apply/patient-client.ts'
import {FakeClock} from '../../../../src/util/fake-clock.ts'

type Answer = number | 'reset' | 'hang'

/** A server that answers as it is told; the last answer is repeated. */
function server(...answers: Answer[]): {client: Client; clock: FakeClock; requests: () => number} {
  const clock = new FakeClock()
  let requests = 0
  const client = new Client({
    async send(): Promise<ApiResponse> {
      const answer = answers[Math.min(requests, answers.length - 1)] ?? 200
      requests += 1
      if (answer === 'hang') return new Promise(() => undefined)
      if (answer === 'reset') throw new KntoolError('KN_UNREACHABLE', 'The connection was closed.')
      const value =
        answer < 400
          ? {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'x'}}
          : {
              kind: 'Status',
              apiVersion: 'v1',
              metadata: {},
              status: 'Failure',
              code: answer,
              message: 'no',
            }
      return {status: answer, headers: {}, warnings: [], body: {kind: 'json', value}}
    },
  })
  return {client, clock, requests: () => requests}
}

async function readTwice(
  ...answers: Answer[]
): Promise<{outcome: unknown; retries: string[]; requests: number}> {
  const {client, clock, requests} = server(200, ...answers)
  const retries: string[] = []
  const patient = patientClient(client, {
    clock,
    signal: new AbortController().signal,
    longPatienceMs: 300_000,
    onRetry: (why) => retries.push(why),
  })
  await patient.get(CONFIG_MAPS, {namespace: 'a', name: 'x'})
  const reading = patient.get(CONFIG_MAPS, {namespace: 'a', name: 'x'}).then(
    () => 'read',
    (error: unknown) => error,
  )
  await clock.advance(600_000)
  return {outcome: await reading, retries, requests: requests() - 1}
}

describe('a patient client', () => {
  test.each([
    [[429, 429, 200] as Answer[], 3],
    [[500, 503, 200] as Answer[], 3],
    [['reset', 'reset', 200] as Answer[], 3],
    [['hang', 200] as Answer[], 2],
  ])('outlasts %j', async (answers, requests) => {
    expect(await readTwice(...answers)).toMatchObject({outcome: 'read', requests})
  })

  test('comes again when a server that is overloaded says in a header', async () => {
    const clock = new FakeClock()
    const asked: number[] = []
    const busy = new Client({
      async send() {
        asked.push(clock.now())
        if (asked.length > 1) {
          const value = {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'x'}}
          return {status: 200, headers: {}, warnings: [], body: {kind: 'json', value}}
        }
        const chunks = (async function* () {
          yield Buffer.from('Too many requests, please try again later.\n')
        })()
        const headers = {'retry-after': '7', 'content-type': 'text/plain; charset=utf-8'}
        return {status: 429, headers, warnings: [], body: {kind: 'bytes', chunks}}
      },
    })
    const signal = new AbortController().signal
    const patient = patientClient(busy, {clock, signal, longPatienceMs: 300_000})
    const reading = patient.get(CONFIG_MAPS, {namespace: 'a', name: 'x'})
    await clock.advance(10_000)
    await reading
    expect((asked[1] ?? 0) - (asked[0] ?? 0)).toBe(7000)
  })

  test('says why it tries again', async () => {
    const {retries} = await readTwice('hang', 200)
    expect(retries).toEqual([
      'The API server did not answer GET /api/v1/namespaces/a/configmaps/x within 30 s',
    ])
  })

  test('gives up after a minute, with the last failure', async () => {
    const {outcome, requests} = await readTwice(500)
    expect(outcome).toMatchObject({name: 'StatusError', code: 500})
    expect(requests).toBeGreaterThan(5)
    expect(requests).toBeLessThan(30)
  })

  test('does not repeat what would fail again', async () => {
    expect(await readTwice(403)).toMatchObject({outcome: {code: 403}, requests: 1})
  })

  test('does not wait for a server that never answered', async () => {
    const {client, clock, requests} = server('reset')
    const patient = patientClient(client, {
      clock,
      signal: new AbortController().signal,
      longPatienceMs: 300_000,
    })
    await expect(patient.get(CONFIG_MAPS, {namespace: 'a', name: 'x'})).rejects.toMatchObject({
      code: 'KN_UNREACHABLE',
    })
    expect(requests()).toBe(1)
  })
})
