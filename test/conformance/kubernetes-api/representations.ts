import {expect, test} from 'vitest'
import {CONFIG_MAPS, configMap, type Api} from './api-under-test.ts'

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io'
const PARTIAL = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io'

export function representationTests(api: () => Api): void {
  test('answers a table as kubectl prints it', async () => {
    await api().post(CONFIG_MAPS, configMap('a', {x: '1', y: '2'}))
    await api().under.clock.advance(125_000)
    const {value} = await api().get(CONFIG_MAPS, {}, TABLE)
    expect(value).toMatchObject({
      kind: 'Table',
      columnDefinitions: [{name: 'Name'}, {name: 'Data'}, {name: 'Age'}],
      rows: [{cells: ['a', 2, '2m5s'], object: {kind: 'PartialObjectMetadata'}}],
    })
  })

  test.each([
    ['None', null],
    ['Object', expect.objectContaining({kind: 'ConfigMap'})],
  ])('includes in each row what includeObject=%s says', async (includeObject, object) => {
    await api().post(CONFIG_MAPS, configMap('a'))
    const {value} = await api().get(CONFIG_MAPS, {includeObject}, TABLE)
    expect((value as unknown as {rows: {object: unknown}[]}).rows[0]?.object).toEqual(object)
  })

  test('answers metadata only', async () => {
    await api().post(CONFIG_MAPS, configMap('a', {x: '1'}))
    const one = await api().get(`${CONFIG_MAPS}/a`, {}, PARTIAL)
    expect(Object.keys(one.value).toSorted()).toEqual(['apiVersion', 'kind', 'metadata'])
    const list = await api().get(CONFIG_MAPS, {}, PARTIAL.replace('Metadata', 'MetadataList'))
    expect(list.value).toMatchObject({
      kind: 'PartialObjectMetadataList',
      items: [{kind: 'PartialObjectMetadata', metadata: {name: 'a'}}],
    })
  })

  test.each([
    ['text/html', '406: Not Acceptable'],
    ['application/json;as=Table;v=v2;g=meta.k8s.io', 'only the following media types'],
  ])('refuses to answer %s', async (accept, message) => {
    await api().post(CONFIG_MAPS, configMap('a'))
    const answer = await api().get(`${CONFIG_MAPS}/a`, {}, accept)
    expect(answer.status).toBe(406)
    expect(String(answer.value['message'])).toContain(message)
  })

  test('falls back to JSON for clients that prefer protobuf', async () => {
    await api().post(CONFIG_MAPS, configMap('a'))
    const accept = 'application/vnd.kubernetes.protobuf,application/json'
    const answer = await api().get(`${CONFIG_MAPS}/a`, {}, accept)
    expect(answer).toMatchObject({status: 200, value: {kind: 'ConfigMap'}})
  })

  test.each([
    ['PUT', CONFIG_MAPS, 405],
    ['PATCH', CONFIG_MAPS, 405],
    ['POST', `${CONFIG_MAPS}/a`, 405],
    ['GET', '/api/v1/namespaces/default/frobs', 404],
    ['GET', `${CONFIG_MAPS}/a/status`, 404],
    ['GET', '/apis/apps/v9/deployments', 404],
    ['GET', '/api/v1/namespaces/default//configmaps', 404],
  ] as const)('answers %s %s with %i', async (method, path, status) => {
    const headers = {'content-type': 'application/merge-patch+json'}
    const answer = await api().send({
      method,
      path,
      headers,
      body: method === 'GET' ? undefined : {},
    })
    expect(answer.status).toBe(status)
  })
}
