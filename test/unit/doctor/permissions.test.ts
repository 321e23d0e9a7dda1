import {describe, expect, test} from 'vitest'
import type {KubeObject} from '../../../src/api/meta/object.ts'
import type {ApiRequest} from '../../../src/api/transport.ts'
import {Client} from '../../../src/client/client.ts'
import {
  describePermission,
  lackingPermissions,
  neededPermissions,
  type Permission,
} from '../../../src/doctor/permissions.ts'
import {MANIFEST_FILES} from '../../../src/install/manifests.ts'
import {folderSource} from '../../../src/install/release/folder-source.ts'
import {genuineManifestPath} from '../../support/genuine-manifests.ts'
import {needs, RELEASE_FILES} from '../../support/requirements.ts'

function object(apiVersion: string, kind: string, namespace?: string): KubeObject {
  return {apiVersion, kind, metadata: {name: 'x', ...(namespace !== undefined && {namespace})}}
}

function texts(...objects: KubeObject[]): string[] {
  return neededPermissions(objects).map(describePermission)
}

describe('neededPermissions', () => {
  test('are those of server-side apply, where the object is', () => {
    expect(texts(object('apps/v1', 'Deployment', 'knative-serving'))).toEqual(
      expect.arrayContaining([
        'get deployments.apps in knative-serving',
        'create deployments.apps in knative-serving',
        'patch deployments.apps in knative-serving',
      ]),
    )
  })

  test('are for the whole cluster where the kind is in no namespace', () => {
    expect(texts(object('v1', 'Namespace'))).toContain('create namespaces')
  })

  test('include handing out rights one does not have', () => {
    const needed = texts(object('rbac.authorization.k8s.io/v1', 'ClusterRole'))
    expect(needed).toContain('escalate clusterroles.rbac.authorization.k8s.io')
    expect(needed).toContain('bind clusterroles.rbac.authorization.k8s.io')
  })

  test('name kinds that the release itself brings as their definitions do', () => {
    const definition = {
      ...object('apiextensions.k8s.io/v1', 'CustomResourceDefinition'),
      spec: {
        group: 'networking.istio.io',
        scope: 'Namespaced',
        names: {kind: 'Gateway', plural: 'gateways'},
        versions: [],
      },
    } as KubeObject
    expect(texts(definition, object('networking.istio.io/v1beta1', 'Gateway', 'a'))).toContain(
      'patch gateways.networking.istio.io in a',
    )
  })

  test('are each named once', () => {
    const needed = texts(object('v1', 'ConfigMap', 'a'), object('v1', 'ConfigMap', 'a'))
    expect(new Set(needed).size).toBe(needed.length)
  })

  test('of a genuine release name plurals that exist', needs(RELEASE_FILES), async () => {
    const source = folderSource(genuineManifestPath('.'))
    const objects = await Promise.all(MANIFEST_FILES.map((file) => source.load(file)))
    const resources = new Set(neededPermissions(objects.flat()).map(({resource}) => resource))
    expect([...resources].toSorted()).toEqual(GENUINE_RESOURCES)
  })
})

const GENUINE_RESOURCES = [
  'certificates',
  'clusterrolebindings',
  'clusterroles',
  'configmaps',
  'customresourcedefinitions',
  'deployments',
  'endpointslices',
  'events',
  'gateways',
  'horizontalpodautoscalers',
  'images',
  'mutatingwebhookconfigurations',
  'namespaces',
  'peerauthentications',
  'poddisruptionbudgets',
  'pods',
  'rolebindings',
  'roles',
  'secrets',
  'serviceaccounts',
  'services',
  'validatingwebhookconfigurations',
]

describe('lackingPermissions', () => {
  const needed: Permission[] = [
    {verb: 'create', group: '', resource: 'namespaces'},
    {verb: 'patch', group: 'apps', resource: 'deployments', namespace: 'a'},
  ]

  function client(allowed: (permission: Permission) => boolean): {client: Client; asked: number} {
    const state = {asked: 0}
    const answers = new Client({
      send: async ({body}: ApiRequest) => {
        state.asked += 1
        const {spec} = body as {spec: {resourceAttributes: Permission}}
        const value = {spec, status: {allowed: allowed(spec.resourceAttributes)}}
        return {status: 201, headers: {}, warnings: [], body: {kind: 'json', value}}
      },
    })
    return Object.assign(state, {client: answers})
  }

  test('an administrator is asked for one thing only', async () => {
    const admin = client(() => true)
    expect(await lackingPermissions(admin.client, needed)).toEqual([])
    expect(admin.asked).toBe(1)
  })

  test('everybody else for each, and what is denied is named', async () => {
    const user = client(({verb, resource}) => verb !== '*' && resource !== 'deployments')
    expect(await lackingPermissions(user.client, needed)).toEqual([needed[1]])
    expect(user.asked).toBe(1 + needed.length)
  })
})
