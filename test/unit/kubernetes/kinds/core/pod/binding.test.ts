import {beforeEach, expect, test} from 'vitest'
import {Api} from '../../../../../conformance/kubernetes-api/api-under-test.ts'
import {freshServer, TESTER} from '../../../../../conformance/kubernetes-api/fresh-server.ts'

const PODS = '/api/v1/namespaces/default/pods'
const BINDINGS = '/api/v1/namespaces/default/bindings'

let api: Api
beforeEach(async () => {
  const {server, clock, storage} = await freshServer()
  const close = (): Promise<void> => Promise.resolve()
  api = new Api({transport: server.transport(TESTER), clock, storage, close})
  const containers = [{name: 'c', image: 'i'}]
  await api.post(PODS, {metadata: {name: 'p'}, spec: {containers}})
})

test.each([
  ['of the pod', `${PODS}/p/binding`],
  ['of its namespace', BINDINGS],
])('a binding %s puts the pod on a node, once', async (_, path) => {
  const bound = await api.post(path, {metadata: {name: 'p'}, target: {kind: 'Node', name: 'n'}})
  expect(bound).toMatchObject({status: 201, value: {kind: 'Status', status: 'Success'}})
  expect((await api.get(`${PODS}/p`)).value).toMatchObject({
    spec: {nodeName: 'n'},
    status: {conditions: [{type: 'PodScheduled', status: 'True'}]},
  })
  const again = await api.post(path, {metadata: {name: 'p'}, target: {name: 'm'}})
  expect(again).toMatchObject({
    status: 409,
    value: {
      message: 'Operation cannot be fulfilled on pods "p": pod p is already assigned to node "n"',
    },
  })
})

test.each([
  [{metadata: {name: 'q'}, target: {name: 'n'}}, BINDINGS, 404, 'pods "q" not found'],
  [
    {metadata: {name: 'q'}, target: {name: 'n'}},
    `${PODS}/p/binding`,
    400,
    'name in URL does not match name in Binding object',
  ],
  [{metadata: {name: 'p'}, target: {}}, BINDINGS, 500, 'target.name: Required value'],
  [
    {metadata: {name: 'p'}, target: {kind: 'Rack'}},
    BINDINGS,
    500,
    '[target.kind: Unsupported value: "Rack": supported values: "Node", "<empty>", target.name: Required value]',
  ],
])('a binding %j at %s is refused', async (binding, path, status, message) => {
  expect(await api.post(path, binding)).toMatchObject({status, value: {message}})
  expect((await api.get(`${PODS}/p`)).value).not.toHaveProperty('spec.nodeName')
})

test('a pod that is being deleted gets no node', async () => {
  const finalizers = ['a.b/c']
  await api.patch(`${PODS}/p`, 'merge-patch', {metadata: {finalizers}})
  await api.delete(`${PODS}/p`)
  expect(await api.post(BINDINGS, {metadata: {name: 'p'}, target: {name: 'n'}})).toMatchObject({
    status: 409,
    value: {
      message:
        'Operation cannot be fulfilled on pods "p": pod p is being deleted, cannot be assigned to a host',
    },
  })
})
