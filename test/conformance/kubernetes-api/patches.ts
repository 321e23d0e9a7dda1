import {expect, test} from 'vitest'
import {CONFIG_MAPS, configMap, DEPLOYMENTS, type Api} from './api-under-test.ts'
import {deployment} from './objects.ts'

export function patchTests(api: () => Api): void {
  const path = `${CONFIG_MAPS}/a`

  test('applies the operations of a JSON patch all or none', async () => {
    await api().post(CONFIG_MAPS, configMap('a', {x: '1'}))
    const good = await api().patch(path, 'json-patch', [
      {op: 'test', path: '/data/x', value: '1'},
      {op: 'add', path: '/data/y', value: '2'},
      {op: 'remove', path: '/data/x'},
    ])
    expect(good).toMatchObject({status: 200, value: {data: {y: '2'}}})
    const bad = await api().patch(path, 'json-patch', [
      {op: 'remove', path: '/data/y'},
      {op: 'test', path: '/data/z', value: 'no'},
    ])
    expect(bad.status).toBe(422)
    expect((await api().get(path)).value).toMatchObject({data: {y: '2'}})
  })

  test('merges a merge patch, and null takes away', async () => {
    await api().post(CONFIG_MAPS, configMap('a', {x: '1', y: '2'}))
    const answer = await api().patch(path, 'merge-patch', {data: {x: null, z: '3'}})
    expect(answer.value).toMatchObject({data: {y: '2', z: '3'}})
    expect(answer.value).not.toHaveProperty('data.x')
  })

  test('merges lists of built-in kinds by their keys', async () => {
    await api().post(DEPLOYMENTS, deployment('web'))
    const answer = await api().patch(`${DEPLOYMENTS}/web`, 'strategic-merge-patch', {
      spec: {template: {spec: {containers: [{name: 'side', image: 'example.com/side'}]}}},
    })
    const {spec} = answer.value as unknown as {
      spec: {template: {spec: {containers: {name: string}[]}}}
    }
    expect(spec.template.spec.containers.map(({name}) => name).toSorted()).toEqual(['c', 'side'])
  })

  test('refuses a patch of a version that is not the newest', async () => {
    const {value} = await api().post(CONFIG_MAPS, configMap('a'))
    await api().patch(path, 'merge-patch', {data: {n: '1'}})
    const {resourceVersion} = value.metadata
    const stale = await api().patch(path, 'merge-patch', {
      metadata: {resourceVersion},
      data: {n: '2'},
    })
    expect(stale.status).toBe(409)
  })

  test('does not let a patch rename an object', async () => {
    await api().post(CONFIG_MAPS, configMap('a'))
    const answer = await api().patch(path, 'merge-patch', {metadata: {name: 'b'}})
    expect(answer.status).toBe(400)
  })

  test('creates by server-side apply, and applies again without a write', async () => {
    const first = await api().apply(path, configMap('a', {x: '1'}), 'me')
    expect(first.status).toBe(201)
    const revision = api().under.storage.currentRevision
    const second = await api().apply(path, configMap('a', {x: '1'}), 'me')
    expect(second.status).toBe(200)
    expect(api().under.storage.currentRevision).toBe(revision)
  })

  test('removes what a manager does not apply any more, and leaves what others own', async () => {
    await api().apply(path, configMap('a', {x: '1', y: '1'}), 'me')
    await api().apply(path, configMap('a', {z: '1'}), 'you')
    const answer = await api().apply(path, configMap('a', {x: '1'}), 'me')
    expect((answer.value as {data?: unknown}).data).toEqual({x: '1', z: '1'})
  })

  test('refuses to take a field over unless it is forced', async () => {
    await api().apply(path, configMap('a', {x: '1'}), 'me')
    const conflict = await api().apply(path, configMap('a', {x: '2'}), 'you')
    expect(conflict).toMatchObject({
      status: 409,
      value: {
        reason: 'Conflict',
        message: 'Apply failed with 1 conflict: conflict with "me": .data.x',
      },
    })
    const forced = await api().apply(path, configMap('a', {x: '2'}), 'you', true)
    expect(forced).toMatchObject({status: 200, value: {data: {x: '2'}}})
  })

  test('notes which manager changed which field', async () => {
    await api().post(CONFIG_MAPS, configMap('a', {x: '1'}), {fieldManager: 'creator'})
    const answer = await api().patch(
      path,
      'merge-patch',
      {data: {y: '2'}},
      {fieldManager: 'patcher'},
    )
    const owners = Object.fromEntries(
      (answer.value.metadata.managedFields ?? []).map(({manager, fieldsV1}) => [manager, fieldsV1]),
    )
    expect(owners).toEqual({
      creator: {'f:data': {'.': {}, 'f:x': {}}},
      patcher: {'f:data': {'f:y': {}}},
    })
  })
}
