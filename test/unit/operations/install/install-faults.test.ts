/** Installations that are killed, interrupted or met by an API server that is not well. */
import {afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest'
import type {ConfigMap} from '../../../../src/api/core/v1.ts'
import type {KubeObject, Status, StatusReason} from '../../../../src/api/meta/object.ts'
import type {ApiResponse} from '../../../../src/api/transport.ts'
import {KntoolError} from '../../../../src/errors/kntool-error.ts'
import {embeddedManifests, type ManifestSource} from '../../../../src/install/manifests.ts'
import {defaultWishes} from '../../../../src/install/settings.ts'
import {explainError} from '../../../../src/operations/explain-error.ts'
import {install, type InstallOutcome} from '../../../../src/operations/install/install.ts'
import type {InstallObserver} from '../../../../src/operations/install/run-steps.ts'
import {uninstall, type UninstallOutcome} from '../../../../src/operations/install/uninstall.ts'
import {sleep} from '../../../../src/util/clock.ts'
import {allObjects} from '../../../support/all-objects.ts'
import {type Fault, InstallCluster} from '../../../support/install-cluster.ts'

let cluster: InstallCluster
beforeEach(async () => {
  cluster = await new InstallCluster().start()
})
afterEach(() => cluster.stop())

const source = embeddedManifests()
const manifests: ManifestSource = {
  ...source,
  load: async (file) => withExample(await source.load(file)),
}

function run(
  on: InstallCluster,
  observer: InstallObserver = {},
  signal = new AbortController().signal,
): Promise<InstallOutcome> {
  return on.pass(
    install(
      on.connection,
      {
        wishes: {...defaultWishes('knative.example.com'), dns: 'route53'},
        signal,
        surroundings: {...on.aws, manifests},
      },
      observer,
    ),
  )
}

function remove(on: InstallCluster): Promise<UninstallOutcome> {
  return on.pass(
    uninstall(
      on.connection,
      {
        deleteServices: true,
        signal: new AbortController().signal,
        surroundings: {...on.aws, manifests},
      },
      {confirm: async () => true},
    ),
  )
}

/** What the cluster holds once everybody has come to rest. */
async function restingState(on: InstallCluster): Promise<Record<string, string>> {
  await on.pass(sleep(on.clock, 3000))
  return allObjects(on.client)
}

/** What an undisturbed installation ends in, which steps it has, and how often it writes. */
let undisturbed: Record<string, string>
let steps: string[]
let writes = 0
let deletions = 0
beforeAll(async () => {
  const other = await new InstallCluster().start()
  other.fault = (request) => {
    if (request.method !== 'GET') writes += 1
    return undefined
  }
  steps = (await run(other)).steps.map(({id}) => id)
  undisturbed = await restingState(other)
  other.fault = ({method}) => {
    if (method === 'DELETE') deletions += 1
    return undefined
  }
  await remove(other)
  await other.stop()
})

/** A process that is gone sends nothing more, not even to clean up. */
function kill(): never {
  cluster.fault = () => {
    throw new Error('killed')
  }
  throw new Error('killed')
}

describe('killed', () => {
  test('at the beginning of each step, runs again to the same end', async () => {
    for (const id of steps) {
      const onEvent: InstallObserver['onEvent'] = ({type, step}) => {
        if (type === 'started' && step.id === id) kill()
      }
      await expect(run(cluster, {onEvent})).rejects.toThrow('killed')
      cluster.fault = () => undefined
    }
    await run(cluster)
    expect(await restingState(cluster)).toEqual(undisturbed)
  })

  // Spread over the whole run: the writes of a step are sent side by side, so no two runs are cut at
  // the same place.
  test.each([0.02, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 0.98])(
    'after %f of its writes, runs again to the same end',
    async (share) => {
      let left = Math.ceil(writes * share)
      cluster.fault = ({method}) => {
        if (method !== 'GET' && (left -= 1) < 0) kill()
        return undefined
      }
      await expect(run(cluster)).rejects.toThrow('killed')
      cluster.fault = () => undefined
      await run(cluster)
      expect(await restingState(cluster)).toEqual(undisturbed)
    },
  )

  test.each([0.1, 0.4, 0.7, 0.95])(
    'while it is taken away, after %f of that, it is gone in the end',
    async (share) => {
      const before = await restingState(cluster)
      await run(cluster)
      let left = Math.ceil(deletions * share)
      cluster.fault = ({method}) => {
        if (method === 'DELETE' && (left -= 1) < 0) kill()
        return undefined
      }
      await expect(remove(cluster)).rejects.toThrow('killed')
      cluster.fault = () => undefined
      await remove(cluster)
      expect(Object.keys(await restingState(cluster))).toEqual(Object.keys(before))
      expect([...cluster.aws.balancers.keys(), ...cluster.aws.records]).toEqual([])
    },
  )
})

describe('interrupted', () => {
  test('says where and how to go on, and runs again to the same end', async () => {
    for (const id of ['serving-crds', 'istio', 'smoke-test']) {
      const abort = new AbortController()
      const onEvent: InstallObserver['onEvent'] = ({type, step}) => {
        if (type === 'progress' && step.id === id) abort.abort()
        if (type === 'started' && step.id === id) queueMicrotask(() => abort.abort())
      }
      await expect(run(cluster, {onEvent}, abort.signal)).rejects.toMatchObject({
        code: 'KN_INTERRUPTED',
        exitCode: 130,
        message: expect.stringMatching(/^Interrupted /),
        hints: ['Run the same command again: it goes on where it stopped.'],
      })
    }
    await run(cluster)
    expect(await restingState(cluster)).toEqual(undisturbed)
  })
})

describe('an API server that is not well', () => {
  const passing: [string, Fault][] = [
    ['answers 500', () => failure(500, 'InternalError', 'etcdserver: leader changed')],
    ['answers 503', () => failure(503, 'ServiceUnavailable', 'the server is shutting down')],
    ['answers 429 and when to come again', () => failure(429, 'TooManyRequests', 'busy', 2)],
    ['resets the connection', () => reset()],
    ['does not answer', () => new Promise<never>(() => undefined)],
  ]
  test.each(passing)('%s now and then does no harm', async (_, fault) => {
    const random = randomNumbers(1)
    const met = new Set<string>()
    let answered = false
    cluster.fault = (request) => {
      // That it has answered before is what tells a hiccup from a wrong address.
      if (!answered) return void (answered = true)
      const name = `${request.method} ${request.path}`
      // What meets it again and again is not a hiccup: it would be given up.
      if (met.has(name) || random() >= 0.03) return undefined
      met.add(name)
      return fault(request)
    }
    await run(cluster)
    cluster.fault = () => undefined
    expect(await restingState(cluster)).toEqual(undisturbed)
  })

  test('refuses writes because somebody else wrote in between: they are sent again', async () => {
    const random = randomNumbers(2)
    cluster.fault = ({method}) =>
      (method === 'PATCH' || method === 'PUT') && random() < 0.2
        ? failure(409, 'Conflict', 'the object has been modified; please apply your changes')
        : undefined
    await run(cluster)
    cluster.fault = () => undefined
    expect(await restingState(cluster)).toEqual(undisturbed)
  })

  test('calls a webhook that is not up yet: what it guards is sent until it is', async () => {
    let refusals = 40
    const text =
      'Internal error occurred: failed calling webhook "config.webhook.serving.knative.dev": ' +
      'failed to call webhook: Post "https://webhook.knative-serving.svc:443/config-validation' +
      '?timeout=10s": no endpoints available for service "webhook"'
    const told: string[] = []
    cluster.fault = ({method, path}) =>
      method === 'PATCH' && path.includes('/configmaps/') && (refusals -= 1) >= 0
        ? failure(500, 'InternalError', text)
        : undefined
    await run(cluster, {
      onEvent: (event) => void (event.type === 'progress' && told.push(event.message)),
    })
    expect(told).toContain(`trying again: ${text}`)
    expect(await restingState(cluster)).toEqual(undisturbed)
  })

  const lasting: [string, Fault, number, RegExp][] = [
    [
      'answers 500 for ever',
      () => failure(500, 'InternalError', 'etcdserver: no leader'),
      1,
      /^customresourcedefinition\S+: etcdserver: no leader$/,
    ],
    [
      'answers 429 for ever',
      () => failure(429, 'TooManyRequests', 'too many requests', 1),
      1,
      /^customresourcedefinition\S+: too many requests$/,
    ],
    [
      'resets every connection',
      () => reset(),
      4,
      /^The API server at 127\.0\.0\.1 closed the connection\.$/,
    ],
    [
      'never answers',
      () => new Promise<never>(() => undefined),
      4,
      /^The API server did not answer PATCH \/\S+ within 30 s\.$/,
    ],
    [
      'denies',
      () =>
        failure(
          400,
          'BadRequest',
          'admission webhook "policy.example.com" denied the request: images of gcr.io',
        ),
      2,
      /denied the request: images of gcr\.io$/,
    ],
  ]
  test.each(lasting)('%s: the installation ends with its words', async (_, fault, exit, text) => {
    cluster.fault = (request) =>
      request.method === 'PATCH' && request.path.includes('customresourcedefinitions')
        ? fault(request)
        : undefined
    const error = explainError(await run(cluster).catch((reason: unknown) => reason))
    expect(error.message).toMatch(text)
    expect(error.exitCode).toBe(exit)
  })
})

function failure(
  code: number,
  reason: StatusReason,
  message: string,
  retryAfterSeconds?: number,
): ApiResponse {
  const value: Status = {
    apiVersion: 'v1',
    kind: 'Status',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    code,
    ...(retryAfterSeconds !== undefined && {details: {retryAfterSeconds}}),
  }
  return {status: code, headers: {}, warnings: [], body: {kind: 'json', value}}
}

function reset(): never {
  throw new KntoolError('KN_UNREACHABLE', 'The API server at 127.0.0.1 closed the connection.')
}

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** As in a genuine release: of an empty ConfigMap nobody could own the data. */
function withExample(objects: readonly KubeObject[]): KubeObject[] {
  return structuredClone(objects).map((object) => {
    const {data} = object as ConfigMap
    const isEmpty = object.kind === 'ConfigMap' && Object.keys(data ?? {}).length === 0
    return isEmpty ? {...object, data: {_example: '# nothing'}} : object
  })
}
