import {PassThrough} from 'node:stream'
import {describe, expect, test} from 'vitest'
import type {CoreService, Endpoints, Pod} from '../../../src/api/core/v1.ts'
import type {ServiceAccess} from '../../../src/kubernetes/apiserver/service-access.ts'
import {createServiceAccess} from '../../../src/local/service-access.ts'

interface World {
  /** `namespace/name` of the Service, which has port 443. */
  readonly service?: string
  /** The image of the ready pod behind it. */
  readonly image?: string
  readonly refuses?: boolean
}

const COMPONENT = 'component'

function accessIn({service, image, refuses}: World): ServiceAccess & {dialled: string[]} {
  const dialled: string[] = []
  const [namespace = '', name = ''] = (service ?? '').split('/')
  const metadata = {namespace, name}
  const known: CoreService = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: {clusterIP: '10.96.0.9', ports: [{name: 'https', port: 443, targetPort: 8443}]},
  }
  const endpoints: Endpoints = {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata,
    subsets: [
      {
        addresses: [{ip: '10.244.0.2', targetRef: {kind: 'Pod', name: 'p'}}],
        ports: [{name: 'https', port: 8443}],
      },
    ],
  }
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {namespace, name: 'p'},
    spec: {containers: [{name: 'main', image: image ?? ''}]},
  }
  const access = createServiceAccess({
    services: {get: (_, wanted) => (service !== undefined && wanted === name ? known : undefined)},
    endpoints: {get: () => (image === undefined ? undefined : endpoints)},
    pods: {get: () => pod},
    dial: (_namespace, podName, port) => {
      dialled.push(`${podName}:${port}`)
      return refuses === true ? Promise.reject(new Error('no')) : Promise.resolve(new PassThrough())
    },
    isComponent: ({spec}) => spec.containers[0]?.image === COMPONENT,
  })
  return {...access, dialled}
}

describe('the way to a Service', () => {
  test('leads to the port of the pod behind it', async () => {
    const access = accessIn({service: 'default/hooks', image: 'web'})
    expect(await access.connect('default', 'hooks', 443)).toBeInstanceOf(PassThrough)
    expect(access.dialled).toEqual(['p:8443'])
  })

  test.each([
    ['whose pod is a part of this program', {service: 'default/hooks', image: COMPONENT}],
    ['of Knative, before its pod is ready', {service: 'knative-serving/webhook'}],
  ] as const)('%s stays in this process', async (_, world) => {
    const [namespace = '', name = ''] = world.service.split('/')
    expect(await accessIn(world).connect(namespace, name, 443)).toBe('in-process')
  })

  test('of Knative leads to a pod of somebody who brought another program', async () => {
    const access = accessIn({service: 'knative-serving/webhook', image: 'web'})
    await access.connect('knative-serving', 'webhook', 443)
    expect(access.dialled).toEqual(['p:8443'])
  })

  test.each([
    ['that is not there', {}, 443, 'service "hooks" not found'],
    [
      'without the port',
      {service: 'default/hooks'},
      80,
      'no service port 80 found for service "hooks"',
    ],
    [
      'without a ready pod',
      {service: 'default/hooks'},
      443,
      'dial tcp 10.96.0.9:443: connect: connection refused',
    ],
    [
      'whose pod does not listen',
      {service: 'default/hooks', image: 'web', refuses: true},
      443,
      'dial tcp 10.96.0.9:443: connect: connection refused',
    ],
  ] as const)('%s says so', async (...[, world, port, message]) => {
    await expect(accessIn(world).connect('default', 'hooks', port)).rejects.toThrow(message)
  })
})
