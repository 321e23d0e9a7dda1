import {describe, expect, test} from 'vitest'
import type {Condition} from '../../../../src/api/conditions.ts'
import {failure as refusal} from '../../../../src/api/meta/status-error.ts'
import {type Service, SERVICES} from '../../../../src/api/serving/v1.ts'
import type {ApiRequest} from '../../../../src/api/transport.ts'
import {Client} from '../../../../src/client/client.ts'
import {KntoolError} from '../../../../src/errors/kntool-error.ts'
import {waitUntilReady} from '../../../../src/operations/service/wait-until-ready.ts'
import {FakeClock} from '../../../../src/util/fake-clock.ts'
import {TinyApi} from '../../../support/tiny-api.ts'

const KEY = {namespace: 'default', name: 'web'}

/** A Service nobody reconciles but the test, and a wait for it. */
async function newWait(options: {timeoutMs?: number; windowMs?: number} = {}) {
  const api = new TinyApi()
  const requests: string[] = []
  let failure: ((request: ApiRequest) => Error | undefined) | undefined
  const client = new Client({
    send(request) {
      requests.push(request.path)
      const error = failure?.(request)
      return error === undefined ? api.send(request) : Promise.reject(error)
    },
  })
  const clock = new FakeClock()
  const created = await client.create(SERVICES, {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {...KEY},
    spec: {template: {spec: {containers: [{image: 'one'}]}}},
  })
  const messages: string[] = []
  const notices: string[] = []
  const abort = new AbortController()
  let outcome: unknown = 'waiting'
  const start = (generation = created.metadata.generation ?? 0): void => {
    waitUntilReady(
      {client, clock},
      {
        ...KEY,
        generation,
        limits: {timeoutMs: options.timeoutMs ?? 60_000, windowMs: options.windowMs ?? 2_000},
        onMessage: (elapsedMs, message) => messages.push(`${elapsedMs} ${message}`),
        onNotice: (text, advice) => notices.push(text, ...advice),
        signal: abort.signal,
      },
    ).then(
      (result) => (outcome = result),
      (error: unknown) => (outcome = error),
    )
  }
  const report = async (
    status: Condition['status'],
    message = '',
    observedGeneration?: number,
  ): Promise<void> => {
    const service: Service = await client.get(SERVICES, KEY)
    await client.updateStatus(SERVICES, {
      ...service,
      status: {
        observedGeneration: observedGeneration ?? service.metadata.generation ?? 0,
        conditions: [{type: 'Ready', status, reason: 'Why', message}],
      },
    })
    await clock.advance(0)
  }
  return {
    client,
    clock,
    start,
    report,
    messages,
    notices,
    requests,
    failWith: (how: typeof failure) => (failure = how),
    abort,
    outcome: async () => {
      await clock.advance(0)
      return outcome
    },
  }
}

describe('waitUntilReady', () => {
  test('ends when the Service is Ready, and tells what it heard on the way', async () => {
    const {start, report, clock, messages, outcome} = await newWait()
    start()
    await clock.advance(100)
    await report('Unknown', 'Waiting for a Revision.')
    await clock.advance(200)
    await report('True')
    expect(await outcome()).toEqual({elapsedMs: 300})
    expect(messages).toEqual(['100 Waiting for a Revision.'])
  })

  test('ends at once when the Service is Ready already', async () => {
    const {start, report, outcome} = await newWait()
    await report('True')
    start()
    expect(await outcome()).toEqual({elapsedMs: 0})
  })

  test('takes no answer to an earlier write for one to this', async () => {
    const {client, start, report, clock, outcome} = await newWait()
    await report('True')
    const service = await client.get(SERVICES, KEY)
    const changed = await client.update(SERVICES, {
      ...service,
      spec: {template: {spec: {containers: [{image: 'two'}]}}},
    })
    start(changed.metadata.generation)
    await clock.advance(10_000)
    expect(await outcome()).toBe('waiting')
    await report('True')
    expect(await outcome()).toEqual({elapsedMs: 10_000})
  })

  test('fails when Ready stays False for longer than the window', async () => {
    const {start, report, clock, outcome} = await newWait()
    start()
    await report('False', 'Container failed.')
    await clock.advance(1_999)
    expect(await outcome()).toBe('waiting')
    await clock.advance(1)
    expect(await outcome()).toMatchObject({code: 'KN_NOT_READY', message: 'Why: Container failed.'})
  })

  test('forgives a False that goes away within the window', async () => {
    const {start, report, clock, outcome} = await newWait()
    start()
    await report('False', 'Container failed.')
    await clock.advance(1_000)
    await report('Unknown', 'Once more.')
    await clock.advance(5_000)
    expect(await outcome()).toBe('waiting')
  })

  test('notices a Service that has failed before anybody waited', async () => {
    const {start, report, clock, outcome} = await newWait()
    await report('False', 'Container failed.')
    start()
    await clock.advance(2_000)
    expect(await outcome()).toMatchObject({code: 'KN_NOT_READY'})
  })

  test('gives up after the timeout, with the last word of Ready as a hint', async () => {
    const {start, report, clock, outcome} = await newWait({timeoutMs: 15_000})
    start()
    await report('Unknown', 'Waiting for load balancer to be ready')
    await clock.advance(15_000)
    expect(await outcome()).toMatchObject({
      code: 'KN_TIMEOUT',
      message: "timeout: service 'web' not ready after 15 seconds",
      hints: [
        'Ready is Unknown: Waiting for load balancer to be ready',
        expect.stringContaining('the pods of the gateway are asked'),
        'Go on waiting: kntool service wait web -n default',
        'kntool service describe web -n default',
      ],
    })
  })

  test('looks at no pod of a Service that is ready within a second', async () => {
    const {start, report, clock, requests, outcome} = await newWait()
    start()
    await clock.advance(900)
    await report('True')
    expect(await outcome()).toEqual({elapsedMs: 900})
    await clock.advance(10_000)
    expect(requests.filter((path) => !path.includes('/services'))).toEqual([])
  })

  test('follows what is made of one that takes longer, and its events, by one watch each', async () => {
    const {start, report, clock, requests} = await newWait()
    start()
    await report('Unknown', 'Waiting.')
    await clock.advance(30_000)
    const followed = requests.filter((path) => !path.includes('/services'))
    expect(followed.map((path) => path.split('/').at(-1))).toEqual([
      'revisions',
      'pods',
      'replicasets',
      'events',
      'events',
    ])
  })

  test('goes on when the server cannot be reached for a while', async () => {
    const {start, report, clock, failWith, outcome} = await newWait()
    failWith(({query}) =>
      query?.['watch'] ? new KntoolError('KN_UNREACHABLE', 'cut off') : undefined,
    )
    start()
    await clock.advance(500)
    failWith(() => new KntoolError('KN_UNREACHABLE', 'cut off'))
    await clock.advance(5_000)
    expect(await outcome()).toBe('waiting')
    failWith(undefined)
    await report('True')
    await clock.advance(1_000)
    expect(await outcome()).toEqual({elapsedMs: 6_000})
  })

  test('looks every second where watching is forbidden', async () => {
    const {start, report, clock, failWith, outcome} = await newWait()
    failWith(({query}) => (query?.['watch'] ? refusal(403, 'Forbidden', 'no watch') : undefined))
    start()
    await clock.advance(3_500)
    await report('True')
    await clock.advance(1_000)
    expect(await outcome()).toEqual({elapsedMs: 4_000})
  })

  test('does not wait for what it cannot reach at all', async () => {
    const {start, clock, failWith, outcome} = await newWait()
    failWith(() => new KntoolError('KN_UNREACHABLE', 'no route'))
    start()
    await clock.advance(0)
    expect(await outcome()).toMatchObject({code: 'KN_UNREACHABLE'})
  })

  test('ends when the Service is deleted', async () => {
    const {client, start, clock, outcome} = await newWait()
    start()
    await clock.advance(0)
    await client.delete(SERVICES, KEY)
    expect(await outcome()).toMatchObject({code: 'KN_NOT_FOUND'})
  })

  test('says how to go on when nobody wants to wait any more', async () => {
    const {start, clock, abort, notices, outcome} = await newWait()
    start()
    await clock.advance(0)
    abort.abort(new Error('interrupted'))
    expect(await outcome()).toMatchObject({message: 'interrupted'})
    expect(notices).toEqual([
      "Stopped waiting; service 'web' goes on getting ready.",
      'Go on waiting: kntool service wait web -n default',
    ])
  })

  test('explains what a lasting "Waiting for load balancer" is about, once', async () => {
    const {start, report, clock, notices} = await newWait()
    start()
    await report('Unknown', 'Waiting for load balancer to be ready')
    await clock.advance(4_999)
    expect(notices).toEqual([])
    await clock.advance(20_000)
    expect(notices).toEqual([expect.stringContaining('kubectl get pods -n istio-system')])
  })
})
