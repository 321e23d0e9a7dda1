import {expect, test} from 'vitest'
import type {Api} from './api-under-test.ts'

export function discoveryTests(api: () => Api): void {
  test('lists its groups and their kinds', async () => {
    const groups = await api().get('/apis')
    const names = (groups.value as unknown as {groups: {name: string}[]}).groups.map(
      ({name}) => name,
    )
    expect(names).toContain('apps')
    const core = await api().get('/api/v1')
    const {resources} = core.value as unknown as {resources: {name: string}[]}
    const byName = new Map(resources.map((resource) => [resource.name, resource]))
    expect(byName.get('pods')).toMatchObject({
      kind: 'Pod',
      namespaced: true,
      shortNames: ['po'],
      categories: ['all'],
      storageVersionHash: 'xPOwRZ+Yhw8=',
    })
    expect(byName.get('deployments')).toBeUndefined()
    expect(byName.get('pods/log')).toMatchObject({verbs: ['get']})
  })

  test('tells all of it in two documents to clients that ask so', async () => {
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
    const {value} = await api().get('/apis', {}, accept)
    expect(value.kind).toBe('APIGroupDiscoveryList')
    const items = value['items'] as {metadata: {name: string}; versions: unknown[]}[]
    expect(items.find(({metadata}) => metadata.name === 'apps')?.versions[0]).toMatchObject({
      version: 'v1',
      freshness: 'Current',
    })
  })

  test('describes its kinds in OpenAPI v3', async () => {
    const answer = await api().send({method: 'GET', path: '/openapi/v3/apis/apps/v1'})
    expect(answer.status).toBe(200)
    const document = await documentOf(answer.body)
    const schemas = document['components'] as {schemas: Record<string, {properties?: object}>}
    expect(schemas.schemas['io.k8s.api.apps.v1.DeploymentSpec']?.properties).toHaveProperty(
      'replicas',
    )
    const paths = document['paths'] as Record<string, {patch?: {parameters: {name: string}[]}}>
    const one = paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}']
    expect(one?.patch?.parameters.map(({name}) => name)).toContain('fieldValidation')
  })

  test('says how it is and what it is', async () => {
    const version = await api().get('/version')
    expect(version.value).toMatchObject({major: '1', minor: '36'})
    for (const path of ['/healthz', '/livez', '/readyz']) {
      expect((await api().send({method: 'GET', path})).status).toBe(200)
    }
    expect((await api().send({method: 'GET', path: '/nosuch'})).status).toBe(404)
  })
}

async function documentOf(
  body: Awaited<ReturnType<Api['send']>>['body'],
): Promise<Record<string, unknown>> {
  if (body.kind === 'json') return body.value as Record<string, unknown>
  if (body.kind !== 'bytes') throw new Error('no document')
  const chunks: Uint8Array[] = []
  for await (const chunk of body.chunks) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>
}
