/** What Knative made is put right again when somebody deletes it or changes it. */
import {describe, expect, test} from 'vitest'
import {DEPLOYMENTS} from '../../../src/api/apps/v1.ts'
import {METRICS, POD_AUTOSCALERS} from '../../../src/api/autoscaling/v1alpha1.ts'
import {CORE_SERVICES, ENDPOINTS} from '../../../src/api/core/v1.ts'
import {VIRTUAL_SERVICES} from '../../../src/api/istio/v1beta1.ts'
import type {KubeObject} from '../../../src/api/meta/object.ts'
import type {ResourceType} from '../../../src/api/meta/resource-type.ts'
import {KINGRESSES, SERVERLESS_SERVICES} from '../../../src/api/networking/v1alpha1.ts'
import {CONFIGURATIONS, REVISIONS, ROUTES} from '../../../src/api/serving/v1.ts'
import {ask, at, serve, startCluster, TEXTS} from './conformance-cluster.ts'

type Spec = KubeObject & {spec?: Record<string, unknown>}

/** What a Service leads to and Knative watches: all but Images, which it only makes. */
const CHILDREN: readonly [ResourceType, string][] = [
  [CONFIGURATIONS, 'svc'],
  [ROUTES, 'svc'],
  [KINGRESSES, 'svc'],
  [VIRTUAL_SERVICES, 'svc-ingress'],
  [VIRTUAL_SERVICES, 'svc-mesh'],
  [CORE_SERVICES, 'svc'],
  [CORE_SERVICES, 'svc-00001'],
  [CORE_SERVICES, 'svc-00001-private'],
  [ENDPOINTS, 'svc-00001'],
  [SERVERLESS_SERVICES, 'svc-00001'],
  [POD_AUTOSCALERS, 'svc-00001'],
  [METRICS, 'svc-00001'],
  [DEPLOYMENTS, 'svc-00001-deployment'],
]

describe('what somebody deletes comes back', () => {
  test.each(CHILDREN.map(([type, name]) => ({type, name, kind: type.kind})))(
    '$kind $name',
    async ({type, name}) => {
      const cluster = await startCluster()
      const template = {'autoscaling.knative.dev/min-scale': '1'}
      await serve(cluster, 'svc', 'helloworld', {template})
      await cluster.advance(5000)
      const before = await cluster.client.get(type, at(name))
      await cluster.client.delete(type, at(name))
      await cluster.until(async () => {
        const now = await cluster.client.find(type, at(name))
        return now !== undefined && now.metadata.uid !== before.metadata.uid
      })
      await cluster.advance(10_000)
      await cluster.ready('svc')
      const after = await cluster.client.get(type, at(name))
      expect(after.metadata.labels).toEqual(before.metadata.labels)
      expect(await ask(cluster, 'http://svc.default.example.com/')).toBe(`200 ${TEXTS.helloworld}`)
    },
  )

  test('Revision svc-00001', async () => {
    const cluster = await startCluster()
    await serve(cluster, 'svc', 'helloworld')
    await cluster.client.delete(REVISIONS, at('svc-00001'))
    await cluster.advance(10_000)
    await cluster.ready('svc')
    expect(await ask(cluster, 'http://svc.default.example.com/')).toBe(`200 ${TEXTS.helloworld}`)
  })
})

describe('what somebody changes is put right', () => {
  test.each([
    {type: CONFIGURATIONS, name: 'svc', change: {template: {spec: {timeoutSeconds: 7}}}},
    {type: ROUTES, name: 'svc', change: {traffic: [{revisionName: 'svc-00001', percent: 100}]}},
    {type: KINGRESSES, name: 'svc', change: {httpOption: 'Redirected'}},
    {type: VIRTUAL_SERVICES, name: 'svc-ingress', change: {hosts: ['other.example.com']}},
    {type: SERVERLESS_SERVICES, name: 'svc-00001', change: {numActivators: 77}},
    {type: POD_AUTOSCALERS, name: 'svc-00001', change: {containerConcurrency: 9}},
    {type: METRICS, name: 'svc-00001', change: {stableWindow: 1}},
    {
      type: DEPLOYMENTS,
      name: 'svc-00001-deployment',
      change: {template: {spec: {terminationGracePeriodSeconds: 1}}},
    },
  ])('$type.kind', async ({type, name, change}) => {
    const cluster = await startCluster()
    const template = {'autoscaling.knative.dev/min-scale': '1'}
    await serve(cluster, 'svc', 'helloworld', {template})
    await cluster.advance(5000)
    const read = (): Promise<Spec> => cluster.client.get(type as ResourceType<Spec>, at(name))
    const before = await read()
    await cluster.client.patch(type as ResourceType<Spec>, at(name), {
      type: 'merge',
      body: {spec: change},
    })
    await cluster.advance(10_000)
    expect((await read()).spec).toEqual(before.spec)
  })
})
