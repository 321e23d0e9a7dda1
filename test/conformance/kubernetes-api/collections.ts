import {expect, test} from 'vitest'
import type {KubeList, UnknownObject} from '../../../src/api/meta/object.ts'
import {CONFIG_MAPS, configMap, PODS, type Api, type Answer} from './api-under-test.ts'
import {pod} from './objects.ts'

export function collectionTests(api: () => Api): void {
  async function make(...names: string[]): Promise<void> {
    for (const name of names) await api().post(CONFIG_MAPS, configMap(name))
  }

  test('lists by name, with the version to watch from', async () => {
    await make('b', 'a', 'c')
    const list = listOf(await api().get(CONFIG_MAPS))
    expect(namesOf(list)).toEqual(['a', 'b', 'c'])
    expect(list.kind).toBe('ConfigMapList')
    expect(list.metadata.resourceVersion).toBe(String(api().under.storage.currentRevision))
  })

  test('lists over all namespaces and in one', async () => {
    await api().post('/api/v1/namespaces', {metadata: {name: 'other'}})
    await make('a')
    await api().post('/api/v1/namespaces/other/configmaps', configMap('b'))
    expect(namesOf(listOf(await api().get('/api/v1/configmaps')))).toEqual(['a', 'b'])
    expect(namesOf(listOf(await api().get(CONFIG_MAPS)))).toEqual(['a'])
  })

  test.each([
    ['app=web', ['a', 'b']],
    ['app==web,tier!=db', ['a']],
    ['tier in (db, cache)', ['b', 'c']],
    ['tier notin (db)', ['a', 'c', 'd']],
    ['!app', ['c', 'd']],
    ['app', ['a', 'b']],
  ])('selects by the labels %s', async (labelSelector, names) => {
    const labels: Record<string, object> = {
      a: {app: 'web'},
      b: {app: 'web', tier: 'db'},
      c: {tier: 'cache'},
      d: {},
    }
    for (const [name, own] of Object.entries(labels)) {
      await api().post(CONFIG_MAPS, configMap(name, {}, {labels: own}))
    }
    expect(namesOf(listOf(await api().get(CONFIG_MAPS, {labelSelector})))).toEqual(names)
  })

  test('selects by fields, and says which it does not know', async () => {
    await api().post(PODS, pod('a'))
    await api().post(PODS, pod('b', {restartPolicy: 'Never'}))
    const never = await api().get(PODS, {fieldSelector: 'spec.restartPolicy=Never'})
    expect(namesOf(listOf(never))).toEqual(['b'])
    const named = await api().get(PODS, {fieldSelector: 'metadata.name!=b'})
    expect(namesOf(listOf(named))).toEqual(['a'])
    const unknown = await api().get(PODS, {fieldSelector: 'spec.foo=x'})
    expect(unknown).toMatchObject({
      status: 400,
      value: {message: 'field label not supported: spec.foo'},
    })
  })

  test('pages through the state of the first page, whatever is written meanwhile', async () => {
    await make('a', 'b', 'c', 'd', 'e')
    const first = listOf(await api().get(CONFIG_MAPS, {limit: '2'}))
    expect(namesOf(first)).toEqual(['a', 'b'])
    expect(first.metadata.remainingItemCount).toBe(3)
    await api().delete(`${CONFIG_MAPS}/d`)
    await make('cc')
    const token = {limit: '2', continue: first.metadata.continue ?? ''}
    const second = listOf(await api().get(CONFIG_MAPS, token))
    expect(namesOf(second)).toEqual(['c', 'd'])
    const last = listOf(
      await api().get(CONFIG_MAPS, {limit: '2', continue: second.metadata.continue ?? ''}),
    )
    expect(namesOf(last)).toEqual(['e'])
    expect(last.metadata.continue).toBeUndefined()
    expect(last.metadata.resourceVersion).toBe(first.metadata.resourceVersion)
  })

  test('fills pages with what is selected', async () => {
    for (let index = 0; index < 10; index++) {
      const labels = {even: String(index % 2 === 0)}
      await api().post(CONFIG_MAPS, configMap(`c${index}`, {}, {labels}))
    }
    const page = listOf(await api().get(CONFIG_MAPS, {limit: '3', labelSelector: 'even=true'}))
    expect(namesOf(page)).toEqual(['c0', 'c2', 'c4'])
  })

  test('sends a client whose token is too old back to the start', async () => {
    await make('a', 'b', 'c')
    const first = listOf(await api().get(CONFIG_MAPS, {limit: '1'}))
    await make('d')
    api().under.storage.compact(api().under.storage.currentRevision)
    const answer = await api().get(CONFIG_MAPS, {
      limit: '1',
      continue: first.metadata.continue ?? '',
    })
    expect(answer).toMatchObject({status: 410, value: {reason: 'Expired'}})
  })

  test('refuses tokens it did not make', async () => {
    const answer = await api().get(CONFIG_MAPS, {limit: '1', continue: 'abc'})
    expect(answer.status).toBe(400)
    expect(String(answer.value['message'])).toContain('continue key is not valid')
  })

  test('shows the state of an older version when asked exactly', async () => {
    await make('a')
    const {resourceVersion = ''} = listOf(await api().get(CONFIG_MAPS)).metadata
    await make('b')
    const then = await api().get(CONFIG_MAPS, {resourceVersion, resourceVersionMatch: 'Exact'})
    expect(namesOf(listOf(then))).toEqual(['a'])
    const since = {resourceVersion, resourceVersionMatch: 'NotOlderThan'}
    expect(namesOf(listOf(await api().get(CONFIG_MAPS, since)))).toEqual(['a', 'b'])
  })

  test('does not pretend to know a version that is still to come', async () => {
    const query = {resourceVersion: '99999999', resourceVersionMatch: 'NotOlderThan'}
    const answer = await api().get(CONFIG_MAPS, query)
    expect(answer).toMatchObject({status: 504, value: {details: {retryAfterSeconds: 1}}})
  })

  test.each([
    [
      {resourceVersionMatch: 'Exact'},
      'resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
    ],
    [
      {resourceVersionMatch: 'Exact', resourceVersion: '0'},
      'resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
    ],
    [
      {resourceVersionMatch: 'Newest', resourceVersion: '1'},
      'resourceVersionMatch: Unsupported value: "Newest": supported values: "Exact", "NotOlderThan", ""',
    ],
    [
      {sendInitialEvents: 'true'},
      'sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list',
    ],
    [
      {watch: 'true', sendInitialEvents: 'true'},
      'resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    ],
    [
      {watch: 'true', resourceVersionMatch: 'NotOlderThan'},
      'resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
    ],
  ])('refuses options that make no sense: %j', async (query, message) => {
    expect(await api().get(CONFIG_MAPS, query)).toMatchObject({
      status: 422,
      value: {reason: 'Invalid', message: `ListOptions.meta.k8s.io "" is invalid: ${message}`},
    })
  })

  test.each([{limit: 'many'}, {watch: 'true', timeoutSeconds: 'soon'}])(
    'refuses what is no number: %j',
    async (query) => {
      expect(await api().get(CONFIG_MAPS, query)).toMatchObject({
        status: 400,
        value: {message: expect.stringMatching(/^strconv.ParseInt: parsing "(many|soon)"/)},
      })
    },
  )

  test('deletes the selected objects of a collection', async () => {
    await api().post(CONFIG_MAPS, configMap('a', {}, {labels: {gone: 'yes'}}))
    await make('b')
    const answer = await api().delete(CONFIG_MAPS, undefined, {labelSelector: 'gone=yes'})
    expect(namesOf(listOf(answer))).toEqual(['a'])
    expect(namesOf(listOf(await api().get(CONFIG_MAPS)))).toEqual(['b'])
  })
}

export function listOf({value}: Answer): KubeList<UnknownObject> {
  return value as unknown as KubeList<UnknownObject>
}

export function namesOf({items}: KubeList<UnknownObject>): string[] {
  return items.map(({metadata}) => metadata.name)
}
