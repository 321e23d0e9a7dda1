import {describe, expect, test} from 'vitest'
import type {Condition} from '../../../../src/api/conditions.ts'
import {type Service, SERVICES} from '../../../../src/api/serving/v1.ts'
import {Client} from '../../../../src/client/client.ts'
import {waitUntilReady} from '../../../../src/operations/service/wait-until-ready.ts'
import {FakeClock} from '../../../../src/util/fake-clock.ts'
import {TinyApi} from '../../../support/tiny-api.ts'

const KEY = {namespace: 'default', name: 'web'}

/** A Service nobody reconciles but the test, and a wait for it. */
async function newWait(options: {timeoutMs?: number; windowMs?: number} = {}) {
  const client = new Client(new TinyApi())
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
