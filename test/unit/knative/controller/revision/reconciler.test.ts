import {describe, expect, test} from 'vitest'
import {DEPLOYMENTS} from '../../../../../src/api/apps/v1.ts'
import {POD_AUTOSCALERS} from '../../../../../src/api/autoscaling/v1alpha1.ts'
import {type Pod, PODS} from '../../../../../src/api/core/v1.ts'
import {IMAGES, type Revision, REVISIONS} from '../../../../../src/api/serving/v1.ts'
import {createRevisionController} from '../../../../../src/knative/controller/revision/controller.ts'
import type {ResolveDigest} from '../../../../../src/knative/controller/revision/digest-resolver.ts'
import {aRevision, ready, summarize} from '../../../../support/builders.ts'
import {ReconcileWorld} from '../../../../support/reconcile-harness.ts'

const NAME = 'hello-00001'
const DIGEST = 'example.com/hello@sha256:0123'
const RESOLVED = {containerStatuses: [{name: 'user-container', imageDigest: DIGEST}]}
const PROGRESSING = [{type: 'Progressing', status: 'True'}]

/** A revision whose image is looked up already. */
function resolved(revision: Revision = aRevision()): Revision {
  return {...revision, status: {...RESOLVED}}
}

async function given(revision: Revision, resolveDigest?: ResolveDigest) {
  const world = await ReconcileWorld.start()
  const controller = createRevisionController({
    ...world.deps(),
    ...(resolveDigest !== undefined && {resolveDigest}),
  })
  await world.given(REVISIONS, revision)
  return {world, controller}
}

async function conditionsOf(world: ReconcileWorld): Promise<Record<string, string>> {
  return summarize((await world.get(REVISIONS, NAME)).status)
}

/** A pod of the revision whose user container has this status. */
async function givenPod(world: ReconcileWorld, status: Pod['status']): Promise<void> {
  const {uid = ''} = (await world.get(REVISIONS, NAME)).metadata
  await world.given(PODS, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'pod',
      labels: {
        'serving.knative.dev/revisionUID': uid,
        'serving.knative.dev/revision': NAME,
      },
    },
    spec: {containers: [{name: 'user-container', image: 'hello'}]},
    ...(status !== undefined && {status}),
  })
}

function withContainer(container: object): NonNullable<Pod['status']> {
  const common = {name: 'user-container', image: '', imageID: '', ready: false, restartCount: 1}
  return {containerStatuses: [{...common, ...container}]}
}

describe('the revision reconciler', () => {
  test('waits for the digests before it makes anything', async () => {
    const {world, controller} = await given(aRevision(), () => Promise.resolve(DIGEST))
    await using _world = world

    await world.reconcile(controller, NAME, {again: false})
    expect(await conditionsOf(world)).toEqual({
      ContainerHealthy: 'Unknown',
      ResourcesAvailable: 'Unknown ResolvingDigests',
      Ready: 'Unknown ResolvingDigests',
    })
    expect(await world.list(DEPLOYMENTS)).toEqual([])

    await world.reconcile(controller, NAME)
    expect((await world.get(REVISIONS, NAME)).status?.containerStatuses).toEqual(
      RESOLVED.containerStatuses,
    )
    const {spec} = await world.get(DEPLOYMENTS, `${NAME}-deployment`)
    expect(spec.template.spec.containers[0]?.image).toBe(DIGEST)
  })

  test('says which image cannot be found, and asks again later', async () => {
    let asked = 0
    const {world, controller} = await given(aRevision(), () => {
      asked += 1
      return Promise.reject(new Error('404 Not Found'))
    })
    await using _world = world
    await world.reconcile(controller, NAME, {again: false})

    const message =
      'Unable to fetch image "example.com/hello:1": failed to resolve image to digest: 404 Not Found'
    await expect(world.reconcile(controller, NAME)).rejects.toThrow(message)
    expect(await conditionsOf(world)).toMatchObject({
      ContainerHealthy: `False ContainerMissing ${message}`,
      Ready: `False ContainerMissing ${message}`,
    })

    await world.reconcile(controller, NAME, {again: false})
    await world.clock.advance(999)
    expect(asked).toBe(1)
    await world.clock.advance(1)
    expect(asked).toBe(2)
  })

  test('makes a Deployment, an Image and a PodAutoscaler', async () => {
    const {world, controller} = await given(resolved())
    await using _world = world

    await world.reconcile(controller, NAME)

    expect(await conditionsOf(world)).toEqual({
      Active: 'Unknown Deploying',
      ContainerHealthy: 'Unknown Deploying',
      ResourcesAvailable: 'Unknown Deploying',
      Ready: 'Unknown Deploying',
    })
    expect((await world.get(IMAGES, `${NAME}-cache-user-container`)).spec.image).toBe(DIGEST)
    const {spec} = await world.get(POD_AUTOSCALERS, NAME)
    expect(spec).toEqual({
      protocolType: 'http1',
      scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: `${NAME}-deployment`},
    })
    expect(world.writes.map(({method}) => method)).toEqual(['POST', 'POST', 'POST', 'PUT'])
  })

  test('is ready when its PodAutoscaler has reached the initial scale', async () => {
    const {world, controller} = await given(resolved())
    await using _world = world
    await world.reconcile(controller, NAME)
    await world.setStatus(DEPLOYMENTS, `${NAME}-deployment`, {conditions: PROGRESSING})
    await world.setStatus(POD_AUTOSCALERS, NAME, {
      serviceName: NAME,
      metricsServiceName: `${NAME}-private`,
      actualScale: 1,
      desiredScale: -1,
      conditions: [
        {type: 'Ready', status: 'True'},
        {type: 'ScaleTargetInitialized', status: 'True'},
      ],
    })

    await world.reconcile(controller, NAME)

    const {status} = await world.get(REVISIONS, NAME)
    expect(summarize(status)).toEqual({
      Active: 'True',
      ContainerHealthy: 'True',
      ResourcesAvailable: 'True',
      Ready: 'True',
    })
    expect(status?.actualReplicas).toBe(1)
    expect(status).not.toHaveProperty('desiredReplicas')
    expect(await world.events()).toEqual([
      'Normal RevisionReady Revision becomes ready upon all resources being ready',
    ])
  })

  test('stays ready at zero, and says why it is not active', async () => {
    const {world, controller} = await given(resolved())
    await using _world = world
    await world.reconcile(controller, NAME)
    await world.setStatus(DEPLOYMENTS, `${NAME}-deployment`, {conditions: PROGRESSING})
    await world.setStatus(POD_AUTOSCALERS, NAME, {
      serviceName: NAME,
      metricsServiceName: `${NAME}-private`,
      conditions: [
        {type: 'Ready', status: 'False', reason: 'NoTraffic', message: 'Not receiving traffic.'},
        {type: 'ScaleTargetInitialized', status: 'True'},
      ],
    })

    await world.reconcile(controller, NAME)

    expect(await conditionsOf(world)).toMatchObject({
      Active: 'False NoTraffic Not receiving traffic.',
      Ready: 'True',
    })
  })

  test('fails at once when no autoscaler serves its class', async () => {
    const {world, controller} = await given(resolved())
    await using _world = world
    await world.reconcile(controller, NAME)
    await world.setStatus(DEPLOYMENTS, `${NAME}-deployment`, {conditions: PROGRESSING})
    await world.setStatus(POD_AUTOSCALERS, NAME, {
      serviceName: '',
      metricsServiceName: '',
      conditions: [
        {type: 'Ready', status: 'False', reason: 'ClassNotSupported', message: 'not served'},
      ],
    })

    await world.reconcile(controller, NAME)

    expect(await conditionsOf(world)).toMatchObject({
      ResourcesAvailable: 'False ClassNotSupported not served',
      Ready: 'False ClassNotSupported not served',
    })
  })

  test('gave up when it was scaled to zero before it was ever ready', async () => {
    const {world, controller} = await given(resolved())
    await using _world = world
    await world.reconcile(controller, NAME)
    await world.setStatus(DEPLOYMENTS, `${NAME}-deployment`, {conditions: PROGRESSING})
    await world.setStatus(POD_AUTOSCALERS, NAME, {
      serviceName: NAME,
      metricsServiceName: `${NAME}-private`,
      conditions: [{type: 'Ready', status: 'False', reason: 'NoTraffic', message: 'none'}],
    })

    await world.reconcile(controller, NAME)

    expect(await conditionsOf(world)).toMatchObject({
      ResourcesAvailable: 'False ProgressDeadlineExceeded Initial scale was never achieved',
      Ready: 'False ProgressDeadlineExceeded Initial scale was never achieved',
    })
  })

  test.each([
    [
      'with its last words',
      'panic: boom\n',
      1,
      'False ExitCode1 Container failed with: panic: boom\n',
    ],
    [
      'without a word',
      '',
      0,
      'False ExitCode0 Container failed with: container exited with no error',
    ],
    ['with a signal', '', 137, 'False ExitCode137 Container failed with: '],
  ])('tells of a container that ended %s', async (_name, message, exitCode, condition) => {
    const {world, controller} = await given(resolved())
    await using _world = world
    await world.reconcile(controller, NAME)
    await givenPod(world, withContainer({lastState: {terminated: {exitCode, message}}}))

    await world.reconcile(controller, NAME)

    expect(await conditionsOf(world)).toMatchObject({ContainerHealthy: condition, Ready: condition})
    const {spec} = await world.get(POD_AUTOSCALERS, NAME)
    expect(spec.reachability).toBe('Unreachable')
  })

  test('does not wait for other news to tell of a container that ended', async () => {
    const {world, controller} = await given(resolved())
    await using _world = world
    await world.reconcile(controller, NAME)
    const {queue} = controller
    while (queue.length > 0) queue.done((await queue.take()) ?? '')

    await givenPod(world, withContainer({lastState: {terminated: {exitCode: 1}}}))
    await world.sync()

    expect(await queue.take()).toBe(`default/${NAME}`)
  })

  test('tells of an image that cannot be pulled once the deadline is over', async () => {
    const {world, controller} = await given(resolved())
    await using _world = world
    await world.reconcile(controller, NAME)
    const waiting = {reason: 'ImagePullBackOff', message: 'Back-off pulling image "hello"'}
    await givenPod(world, withContainer({state: {waiting}}))

    await world.reconcile(controller, NAME)
    expect(await conditionsOf(world)).toMatchObject({Ready: 'Unknown Deploying'})

    const late = {type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded'}
    await world.setStatus(DEPLOYMENTS, `${NAME}-deployment`, {conditions: [late]})
    await world.reconcile(controller, NAME)
    expect(await conditionsOf(world)).toMatchObject({
      ResourcesAvailable: `False ${waiting.reason} ${waiting.message}`,
      Ready: `False ${waiting.reason} ${waiting.message}`,
    })
  })

  test('tells of a pod that no node takes', async () => {
    const {world, controller} = await given(resolved())
    await using _world = world
    await world.reconcile(controller, NAME)
    await givenPod(world, {
      conditions: [
        {type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/1 nodes'},
      ],
    })

    await world.reconcile(controller, NAME)

    expect(await conditionsOf(world)).toMatchObject({
      ResourcesAvailable: 'False Unschedulable 0/1 nodes',
    })
  })

  test('takes back what somebody changed in its Deployment, but never its scale', async () => {
    const {world, controller} = await given(resolved())
    await using _world = world
    await world.reconcile(controller, NAME)
    await world.patch(DEPLOYMENTS, `${NAME}-deployment`, {
      spec: {replicas: 5, progressDeadlineSeconds: 1},
    })

    await world.reconcile(controller, NAME)

    const {spec} = await world.get(DEPLOYMENTS, `${NAME}-deployment`)
    expect(spec.replicas).toBe(5)
    expect(spec.progressDeadlineSeconds).toBe(600)
  })

  test('follows config-deployment', async () => {
    const {world, controller} = await given(resolved())
    await using _world = world
    await world.reconcile(controller, NAME)
    world.configure('config-deployment', {'queue-sidecar-image': 'other/queue'})

    await world.reconcile(controller, NAME)

    const {spec} = await world.get(DEPLOYMENTS, `${NAME}-deployment`)
    expect(spec.template.spec.containers.at(-1)?.image).toBe('other/queue')
  })

  test('refuses a Deployment of its name that is not its own', async () => {
    const {world, controller} = await given(resolved())
    await using _world = world
    const labels = {a: 'b'}
    await world.given(DEPLOYMENTS, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: {name: `${NAME}-deployment`},
      spec: {
        selector: {matchLabels: labels},
        template: {metadata: {labels}, spec: {containers: [{name: 'x', image: 'x'}]}},
      },
    })

    await expect(world.reconcile(controller, NAME)).rejects.toThrow('does not own Deployment')

    expect(await conditionsOf(world)).toMatchObject({
      Ready: `False NotOwned There is an existing Deployment "${NAME}-deployment" that we do not own.`,
    })
  })

  test.each([
    [DEPLOYMENTS, 'failed to create deployment "hello-00001-deployment": '],
    [IMAGES, 'failed to create image cache "hello-00001-cache-user-container": '],
    [POD_AUTOSCALERS, 'failed to create PA "hello-00001": '],
  ])('says which child the API refused: $plural', async (type, prefix) => {
    const {world, controller} = await given(resolved())
    await using _world = world
    world.failOnce('POST', type.plural, new Error('no room'))

    await expect(world.reconcile(controller, NAME)).rejects.toThrow(`${prefix}no room`)
  })

  test('points to the logs where config-observability says how', async () => {
    const {world, controller} = await given(resolved())
    await using _world = world
    world.configure('config-observability', {
      'logging.revision-url-template': 'http://logs/${REVISION_UID}',
    })

    await world.reconcile(controller, NAME)

    const {metadata, status} = await world.get(REVISIONS, NAME)
    expect(status?.logUrl).toBe(`http://logs/${metadata.uid}`)
  })

  test('follows its routing state', async () => {
    const revision = resolved(
      aRevision(NAME, {labels: {'serving.knative.dev/routingState': 'active'}}),
    )
    const {world, controller} = await given(revision)
    await using _world = world
    await world.reconcile(controller, NAME)
    expect((await world.get(POD_AUTOSCALERS, NAME)).spec.reachability).toBe('Reachable')

    await world.patch(REVISIONS, NAME, {
      metadata: {labels: {'serving.knative.dev/routingState': 'reserve'}},
    })
    await world.reconcile(controller, NAME)

    expect((await world.get(POD_AUTOSCALERS, NAME)).spec.reachability).toBe('Unreachable')
  })

  test('announces only once that it became ready', async () => {
    const {world, controller} = await given({...aRevision(), status: ready(RESOLVED)})
    await using _world = world

    await world.reconcile(controller, NAME)

    expect(await world.events()).toEqual([])
  })
})
