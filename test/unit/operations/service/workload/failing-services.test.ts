/** Services that cannot start, on a whole embedded cluster: what a person is told, and when. */
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {CONFIG_MAPS, NODES} from '../../../../../src/api/core/v1.ts'
import {failure as refusal} from '../../../../../src/api/meta/status-error.ts'
import type {Transport} from '../../../../../src/api/transport.ts'
import {Client} from '../../../../../src/client/client.ts'
import {KntoolError} from '../../../../../src/errors/kntool-error.ts'
import type {HandlerContext} from '../../../../../src/kubernetes/runtimes/handler/handler-runtime.ts'
import type {EmbeddedCluster} from '../../../../../src/local/cluster.ts'
import {startCluster} from '../../../../../src/local/start-cluster.ts'
import {createRevision} from '../../../../../src/operations/revision/create-revision.ts'
import {createService} from '../../../../../src/operations/service/create-service.ts'
import {updateService} from '../../../../../src/operations/service/update-service.ts'
import type {ServiceWriteOptions} from '../../../../../src/operations/service/service-outcome.ts'
import type {ServiceEdits} from '../../../../../src/operations/service/edit/service-edits.ts'
import {FakeClock} from '../../../../../src/util/fake-clock.ts'

/** A program that says something and then ends, or goes on without ever listening. */
const program = (said: readonly string[], exitCode?: number) => ({
  main: async (context: HandlerContext): Promise<number> => {
    for (const line of said) context.log(line)
    return exitCode ?? new Promise<number>(() => undefined)
  },
})

async function labelNodes(client: Client, labels: Record<string, string>): Promise<void> {
  for (const {metadata} of (await client.list(NODES)).items) {
    await client.patch(NODES, {name: metadata.name}, {type: 'merge', body: {metadata: {labels}}})
  }
}

describe('creating a Service that cannot start', () => {
  let cluster: EmbeddedCluster
  const clock = new FakeClock()

  beforeAll(async () => {
    cluster = await startCluster({
      clock,
      handlers: {
        'example.com/crash*': program(['reading settings', 'panic: DATABASE_URL is not set'], 3),
        'example.com/done*': program([], 0),
        'example.com/elsewhere*': program(['Server listening on http://0.0.0.0:3000']),
        'example.com/mute*': program(['warming up']),
        'example.com/late*': {
          main: (context: HandlerContext) => {
            clock.after(8_000, () => context.log('listening on port 5000'))
            return new Promise<number>(() => undefined)
          },
        },
        'example.com/good*': () => new Response('ok'),
      },
    })
    const features = {namespace: 'knative-serving', name: 'config-features'}
    await cluster.client.patch(CONFIG_MAPS, features, {
      type: 'merge',
      body: {data: {'kubernetes.podspec-nodeselector': 'enabled'}},
    })
    await clock.advance(1_000)
  })

  afterAll(() => cluster.stop())

  async function fail(name: string, edits: ServiceEdits, client = cluster.client) {
    const request = {namespace: 'default', name, edits}
    return failure(await attempt((options) => createService({client, clock}, request, options)))
  }

  /** Runs a write that waits, for as long as it takes on the fake clock. */
  async function attempt(write: (options: ServiceWriteOptions) => Promise<unknown>) {
    const notices: string[] = []
    const startedMs = clock.now()
    let outcome: unknown
    write({
      wait: {timeoutMs: 60_000, windowMs: 2_000},
      observer: {onNotice: (text, advice) => notices.push(text, ...advice)},
    }).then(
      (done) => (outcome = done),
      (error: unknown) => (outcome = error),
    )
    while (outcome === undefined) await clock.advance(100)
    return {outcome, notices, afterMs: clock.now() - startedMs}
  }

  function failure({outcome, notices, afterMs}: Awaited<ReturnType<typeof attempt>>) {
    if (!(outcome instanceof KntoolError)) throw new Error('the Service got ready')
    const {code, message, hints, details} = outcome
    return {code, message, hints, details, notices, afterMs}
  }

  test('quotes the exit code and the last words of a program that crashes', async () => {
    const {code, message, hints, details, afterMs} = await fail('crash', {
      image: 'example.com/crash:1',
    })
    expect(code).toBe('KN_NOT_READY')
    expect(message).toContain(
      'CrashLoopBackOff: container "user-container" ended with exit code 3 (revision crash-00001',
    )
    expect(hints.slice(-3)).toEqual([
      'The last lines of user-container:',
      '  reading settings',
      '  panic: DATABASE_URL is not set',
    ])
    expect(details).toMatchObject({trouble: {exitCode: 3, log: [expect.any(String), /panic/]}})
    expect(afterMs).toBeLessThan(10_000)
  })

  test.each<[string, ServiceEdits, RegExp, RegExp]>([
    ['done', {image: 'example.com/done'}, /exit code 0/, /has to go on and listen on port 8080/],
    ['absent', {image: 'example.com/absent'}, /ImagePull.*no runtime can run/, /--image IMAGE/],
    [
      'account',
      {image: 'example.com/good', serviceAccount: 'nosuch'},
      /FailedCreate: .*serviceaccount "nosuch" not found/,
      /kubectl create serviceaccount nosuch/,
    ],
    [
      'secret',
      {image: 'example.com/good', envFrom: ['secret:nosuch']},
      /CreateContainerConfigError: secret "nosuch" not found/,
      /Create what is missing/,
    ],
    [
      'elsewhere',
      {image: 'example.com/elsewhere'},
      /does not answer on port 8080/,
      /kntool service update elsewhere -n default --port 3000/,
    ],
  ])('says within ten seconds what is wrong with %s', async (name, edits, message, hint) => {
    const failed = await fail(name, edits)
    expect(failed.code).toBe('KN_NOT_READY')
    expect(failed.message).toMatch(message)
    expect(failed.hints.join('\n')).toMatch(hint)
    expect(failed.afterMs).toBeLessThan(10_000)
  })

  test.each<[string, ServiceEdits, RegExp, RegExp]>([
    [
      'reqlim',
      {image: 'example.com/good', requests: ['cpu=540m'], limits: ['cpu=500m']},
      /^Invalid: .*"reqlim-00001-deployment" is invalid: .*resources\.requests: .*"540m".*\(revision reqlim-00001\)$/,
      /kntool service update reqlim -n default --request/,
    ],
    [
      'badlabel',
      {image: 'example.com/good', revisionLabels: ['app=not a valid label!']},
      /^RevisionFailed: .*"badlabel-00001" is invalid: metadata\.labels/,
      /kntool service update badlabel -n default --label-revision NAME-/,
    ],
  ])('says at once that the API refused a child of %s', async (name, edits, message, hint) => {
    const failed = await fail(name, edits)
    expect(failed.code).toBe('KN_NOT_READY')
    expect(failed.message).toMatch(message)
    expect(failed.hints[0]).toMatch(hint)
    expect(failed.afterMs).toBeLessThan(5_000)
  })

  test('says at once that no revision can be made of an update', async () => {
    const connection = {client: cluster.client, clock}
    const key = {namespace: 'default', name: 'candidate'}
    await attempt((options) =>
      createService(connection, {...key, edits: {image: 'example.com/good'}}, options),
    )
    const edits = {revisionAnnotations: ['bad key/with/slashes=x']}
    const {code, message, afterMs} = failure(
      await attempt((options) => createRevision(connection, {...key, edits}, options)),
    )
    expect(code).toBe('KN_NOT_READY')
    expect(message).toMatch(
      /^RevisionFailed: .*"candidate-00002" is invalid: metadata\.annotations/,
    )
    expect(afterMs).toBeLessThan(5_000)
  })

  test('tells that a program does not answer, and gives it all the time there is', async () => {
    const {code, notices, afterMs} = await fail('mute', {image: 'example.com/mute'})
    expect(notices[0]).toMatch(/^Unhealthy: the program runs, but does not answer on port 8080/)
    expect(notices.at(-1)).toBe('  warming up')
    expect(code).toBe('KN_TIMEOUT')
    expect(afterMs).toBeGreaterThanOrEqual(60_000)
  })

  test('tells that no node takes the pod, and waits for one that does', async () => {
    const {code, hints, notices, afterMs} = await fail('homeless', {
      image: 'example.com/good',
      nodeSelector: ['disk=ssd'],
    })
    expect(notices[0]).toMatch(/^Unschedulable: 0\/1 nodes/)
    expect(notices.join('\n')).toMatch(/kubectl get nodes/)
    expect(code).toBe('KN_TIMEOUT')
    expect(hints.join('\n')).toMatch(/Unschedulable: 0\/1 nodes/)
    expect(afterMs).toBeGreaterThanOrEqual(60_000)
  })

  test('is done when a node comes that takes the pod', async () => {
    const written = attempt((options) =>
      createService(
        {client: cluster.client, clock},
        {
          namespace: 'default',
          name: 'patient',
          edits: {image: 'example.com/good', nodeSelector: ['disk=nvme']},
        },
        options,
      ),
    )
    clock.after(30_000, () => void labelNodes(cluster.client, {disk: 'nvme'}))
    const {outcome, notices, afterMs} = await written
    expect(outcome).toMatchObject({verb: 'created'})
    expect(notices[0]).toMatch(/^Unschedulable: 0\/1 nodes/)
    expect(afterMs).toBeGreaterThanOrEqual(30_000)
  })

  test('sees a wrong port also when the program names it late', async () => {
    const {code, hints, afterMs} = await fail('late', {image: 'example.com/late'})
    expect(code).toBe('KN_NOT_READY')
    expect(hints[0]).toContain('--port 5000')
    expect(afterMs).toBeLessThan(20_000)
  })

  test('blames the revision that an update made, not the one that serves', async () => {
    const connection = {client: cluster.client, clock}
    const key = {namespace: 'default', name: 'updated'}
    const good = {...key, edits: {image: 'example.com/good'}}
    await attempt((options) => createService(connection, good, options))
    const bad = {...key, edits: {image: 'example.com/crash:3'}}
    const {message, afterMs} = failure(
      await attempt((options) => updateService(connection, bad, options)),
    )
    expect(message).toContain('exit code 3 (revision updated-00002')
    expect(afterMs).toBeLessThan(10_000)
    const {outcome} = await attempt((options) => updateService(connection, good, options))
    expect(outcome).toMatchObject({waited: true})
  })

  test('goes by the conditions where pods and events may not be read', async () => {
    const forbidding: Transport = {
      send: (request) =>
        /\/(pods|events|replicasets)/.test(request.path)
          ? Promise.reject(refusal(403, 'Forbidden', 'not for you'))
          : cluster.transport.send(request),
    }
    const {code, message, notices} = await fail(
      'hidden',
      {image: 'example.com/crash:2'},
      new Client(forbidding),
    )
    expect(code).toBe('KN_NOT_READY')
    expect(message).toMatch(/^Revision(Missing|Failed): /)
    expect(notices).toEqual([])
  })
})
