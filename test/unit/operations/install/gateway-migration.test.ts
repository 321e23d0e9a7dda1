/** The Service of the walkthrough's first try: a classic load balancer, made by the cloud provider. */
import {afterEach, beforeEach, expect, test} from 'vitest'
import {CORE_SERVICES, type CoreService, NAMESPACES} from '../../../../src/api/core/v1.ts'
import type {ApiRequest} from '../../../../src/api/transport.ts'
import {CLOUD_PROVIDER_FINALIZER} from '../../../../src/aws/load-balancer-controller/service-handler.ts'
import {embeddedManifests} from '../../../../src/install/manifests.ts'
import {defaultWishes} from '../../../../src/install/settings.ts'
import {
  install,
  type InstallOutcome,
  type InstallRequest,
  planInstall,
} from '../../../../src/operations/install/install.ts'
import {InstallCluster} from '../../../support/install-cluster.ts'

const GATEWAY = {namespace: 'istio-system', name: 'istio-ingressgateway'}
const CLASSIC = 'a1b2c3d4e5f60718293a4b5c6d7e8f90-123456789.eu-central-1.elb.amazonaws.com'
const RISK =
  'service/istio-ingressgateway: spec.loadBalancerClass changes from "" to "service.k8s.aws/nlb": ' +
  `the classic load balancer ${CLASSIC} is deleted first, since nobody would delete it later; ` +
  'nothing is reachable until the new one is there.'

let cluster: InstallCluster
/** What was written to the Service, in order. */
let writes: ApiRequest[]
/** Whether the classic load balancer is there, and still the cloud provider's to delete. */
let classic: 'there' | 'deleted' | 'leaked'

beforeEach(async () => {
  cluster = await new InstallCluster().start()
  writes = []
  classic = 'there'
  await cluster.client.create(NAMESPACES, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {name: GATEWAY.namespace},
  })
  const service = await cluster.client.create(CORE_SERVICES, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {...GATEWAY, finalizers: [CLOUD_PROVIDER_FINALIZER]},
    spec: {type: 'LoadBalancer', ports: [{name: 'http2', port: 80, targetPort: 8080}]},
  })
  await cluster.client.updateStatus(CORE_SERVICES, {
    ...service,
    status: {loadBalancer: {ingress: [{hostname: CLASSIC}]}},
  })
  cluster.fault = (request) => {
    const isService = request.path.endsWith(`/services/${GATEWAY.name}`)
    if (isService && request.method !== 'GET' && !request.query?.['dryRun']) writes.push(request)
    return undefined
  }
  provideCloud()
})
afterEach(() => cluster.stop())

/** What the cloud provider does: it lets go of a Service only once its load balancer is deleted. */
function provideCloud(): void {
  cluster.clock.after(700, () => {
    void actAsCloud().finally(() => {
      if (classic === 'there') provideCloud()
    })
  })
}

async function actAsCloud(): Promise<void> {
  const service = await cluster.client.find(CORE_SERVICES, GATEWAY)
  if (service === undefined) return
  // It steps back from a Service of somebody else's, and never comes back to its load balancer.
  if (service.spec.loadBalancerClass !== undefined) classic = 'leaked'
  if (service.spec.type === 'LoadBalancer') return
  classic = 'deleted'
  const emptied = await cluster.client.updateStatus(CORE_SERVICES, {
    ...service,
    status: {loadBalancer: {}},
  })
  await cluster.client.update(CORE_SERVICES, {
    ...emptied,
    metadata: {...emptied.metadata, finalizers: []},
  })
}

const request = (): InstallRequest => ({
  wishes: defaultWishes('knative.example.com'),
  signal: new AbortController().signal,
  surroundings: {...cluster.aws, manifests: embeddedManifests()},
})

function run(agreed: boolean): Promise<InstallOutcome> {
  return cluster.pass(install(cluster.connection, request(), {confirm: async () => agreed}))
}

async function gateway(): Promise<CoreService> {
  return cluster.client.get(CORE_SERVICES, GATEWAY)
}

test('a plan says what would happen to it', async () => {
  const {steps} = await cluster.pass(planInstall(cluster.connection, request()))
  expect(steps.flatMap(({risks}) => risks)).toEqual([RISK])
  expect(classic).toBe('there')
})

test('unless somebody agrees, nothing is written', async () => {
  await expect(run(false)).rejects.toMatchObject({
    code: 'KN_CONFLICT',
    exitCode: 7,
    message: `Nobody agreed, and nothing was changed. What would happen: ${RISK}`,
    hints: ['See everything: kntool install plan', 'Agree: --yes'],
  })
  expect(writes).toEqual([])
  expect((await gateway()).spec.type).toBe('LoadBalancer')
})

test('is asked after every check and before the first write', async () => {
  const course: string[] = []
  const outcome = install(cluster.connection, request(), {
    onEvent: ({type, step}) => void course.push(`${type} ${step.id}`),
    confirm: async (risks) => {
      course.push(...risks)
      expect(cluster.writes).toEqual([])
      return false
    },
  })
  await expect(cluster.pass(outcome)).rejects.toMatchObject({code: 'KN_CONFLICT'})
  expect(course.filter((line) => !line.startsWith('progress'))).toEqual([
    'started release-files',
    'finished release-files',
    'started preflight',
    'finished preflight',
    RISK,
  ])
})

test('what a check refuses is not asked first', async () => {
  cluster.version = 'v1.26.9-eks-1'
  const asked: string[] = []
  const outcome = install(cluster.connection, request(), {
    confirm: async (risks) => asked.push(...risks) > 0,
  })
  await expect(cluster.pass(outcome)).rejects.toMatchObject({code: 'KN_UNSUITABLE'})
  expect(asked).toEqual([])
})

test('the cloud provider deletes its load balancer before the other controller makes one', async () => {
  const {loadBalancer} = await run(true)
  expect(classic).toBe('deleted')
  expect(loadBalancer).toMatch(/^istio-ingressgateway-\w+\.elb\.eu-central-1\.amazonaws\.com$/)
  expect(writes[0]?.body).toEqual({
    metadata: {annotations: {'service.beta.kubernetes.io/aws-load-balancer-type': null}},
    spec: {type: 'ClusterIP'},
  })
  expect(writes).toHaveLength(2)
  expect((await gateway()).spec.loadBalancerClass).toBe('service.k8s.aws/nlb')
})

test('killed while it is deleted, a rerun still waits for that', async () => {
  const before = cluster.fault
  cluster.fault = (given) => {
    if (writes.length > 0) throw new Error('killed')
    return before(given)
  }
  await expect(run(true)).rejects.toThrow('killed')
  expect((await gateway()).spec.type).toBe('ClusterIP')
  cluster.fault = before
  await run(false)
  expect(classic).toBe('deleted')
  expect((await gateway()).spec.loadBalancerClass).toBe('service.k8s.aws/nlb')
})
