import {beforeEach, describe, expect, test} from 'vitest'
import {Api} from '../../../../conformance/kubernetes-api/api-under-test.ts'
import {freshServer, TESTER} from '../../../../conformance/kubernetes-api/fresh-server.ts'

const LEASES = '/apis/coordination.k8s.io/v1/namespaces/default/leases'
const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps'

let api: Api
beforeEach(async () => {
  const {server, clock, storage} = await freshServer()
  const close = (): Promise<void> => Promise.resolve()
  api = new Api({transport: server.transport(TESTER), clock, storage, close})
})

describe('a PUT', () => {
  test('creates a Lease that is not there, and names its version once it is', async () => {
    const lease = {metadata: {name: 'l'}, spec: {holderIdentity: 'a'}}
    expect(await api.put(`${LEASES}/l`, lease)).toMatchObject({status: 201})
    expect(await api.put(`${LEASES}/l`, lease)).toMatchObject({
      status: 422,
      value: {
        message:
          'leases.coordination.k8s.io "l" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
      },
    })
  })

  test('does not create a ConfigMap', async () => {
    const {status} = await api.put(`${CONFIG_MAPS}/c`, {metadata: {name: 'c'}})
    expect(status).toBe(404)
  })
})

test('a new object does not bring its status', async () => {
  const made = await api.post('/apis/batch/v1/namespaces/default/jobs', {
    metadata: {name: 'j'},
    spec: {template: {spec: {restartPolicy: 'Never', containers: [{name: 'c', image: 'i'}]}}},
    status: {succeeded: 1},
  })
  expect(made).toMatchObject({status: 201, value: {status: {}}})
  expect(made.value).not.toHaveProperty('status.succeeded')
})

test.each([
  ['a future version', `${CONFIG_MAPS}/c`, {resourceVersion: '999999'}, 504],
  ['a version that is none', `${CONFIG_MAPS}/c`, {resourceVersion: 'x'}, 500],
])('a GET of %s is refused', async (_what, path, query, status) => {
  await api.post(CONFIG_MAPS, {metadata: {name: 'c'}})
  expect((await api.get(path, query)).status).toBe(status)
})

describe('an applied configuration', () => {
  test('of another type is refused', async () => {
    const secret = {apiVersion: 'v1', kind: 'Secret', metadata: {name: 'c'}}
    expect((await api.apply(`${CONFIG_MAPS}/c`, secret, 'm')).value).toMatchObject({
      code: 400,
      message: 'invalid object type: /v1, Kind=Secret',
    })
  })

  test('with the uid of nothing is refused', async () => {
    const object = {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'c', uid: 'u'}}
    expect((await api.apply(`${CONFIG_MAPS}/c`, object, 'm')).value).toMatchObject({
      code: 409,
      message:
        'Operation cannot be fulfilled on configmaps "c": uid mismatch: the provided object specified uid u, and no existing object was found',
    })
  })
})

test('only an apply is forced', async () => {
  await api.post(CONFIG_MAPS, {metadata: {name: 'c'}})
  const patched = await api.patch(`${CONFIG_MAPS}/c`, 'merge-patch', {}, {force: 'true'})
  expect(patched.value).toMatchObject({
    code: 422,
    message:
      'PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
  })
})

test('a token lasts ten minutes at least', async () => {
  const path = '/api/v1/namespaces/default/serviceaccounts/default/token'
  expect((await api.post(path, {spec: {expirationSeconds: 10}})).value).toMatchObject({
    code: 422,
    message:
      'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 10: may not specify a duration less than 10 minutes',
  })
})
