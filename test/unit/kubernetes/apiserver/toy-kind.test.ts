import {expect, test} from 'vitest'
import {type ApiServer, createApiServer} from '../../../../src/kubernetes/apiserver/api-server.ts'
import {
  type KindDeclaration,
  statusSubresource,
} from '../../../../src/kubernetes/apiserver/registry/kind.ts'
import {selectable} from '../../../../src/kubernetes/apiserver/registry/selectable-fields.ts'
import {customSchema} from '../../../../src/kubernetes/apiserver/schema/object-schema.ts'
import {column, nameColumn} from '../../../../src/kubernetes/apiserver/table/columns.ts'
import {MemoryStorage} from '../../../../src/kubernetes/storage/memory-storage.ts'
import type {Storage} from '../../../../src/kubernetes/storage/storage.ts'
import {FakeClock} from '../../../../src/util/fake-clock.ts'

const TOYS = '/apis/toys.example.com/v1/namespaces/nursery/toys'

/** A kind that Kubernetes has never heard of; `taken` are the names that its servers have seen. */
function toyKind(taken: string[] = []): KindDeclaration {
  return {
    groupVersion: 'toys.example.com/v1',
    kind: 'Toy',
    plural: 'toys',
    shortNames: ['ty'],
    subresources: [
      statusSubresource,
      {
        name: 'noise',
        verbs: ['get'],
        handle: ({info}) => ({kind: 'document', status: 200, value: {noise: `${info.name}!`}}),
      },
    ],
    schema: customSchema(
      {
        type: 'object',
        properties: {spec: {type: 'object', properties: {color: {type: 'string'}}}},
      },
      {kind: 'Toy', version: 'v1'},
    ),
    columns: [nameColumn, column('Color', (toy) => String((toy['spec'] as {color: string}).color))],
    selectableFields: [selectable('spec.color')],
    strategy: {
      hasStatus: true,
      applyDefaults(toy) {
        toy['spec'] ??= {color: 'red'}
      },
    },
    hooks: ({storage}) => ({
      restore: () =>
        void taken.push(
          ...storage.list('/toys.example.com/toys/').items.map(({object}) => object.metadata.name),
        ),
      afterWrite: ({metadata}) => void taken.push(metadata.name),
      afterDelete: ({metadata}) => void taken.splice(taken.indexOf(metadata.name), 1),
    }),
  }
}

function serve(kind: KindDeclaration, storage: Storage = new MemoryStorage()): ApiServer {
  return createApiServer({
    storage,
    clock: new FakeClock(),
    kinds: [kind],
    authenticate: () => undefined,
  })
}

async function send(
  server: ApiServer,
  method: 'DELETE' | 'GET' | 'POST',
  path: string,
  options: {body?: unknown; query?: Record<string, string>; headers?: Record<string, string>} = {},
): Promise<{status: number; value: unknown}> {
  const user = {username: 'child', groups: []}
  const {status, body} = await server.transport(user).send({method, path, ...options})
  return {status, value: body.kind === 'json' ? body.value : undefined}
}

test('a server serves the kinds that it is handed, and none besides', async () => {
  const server = serve(toyKind())
  expect(server.servedTypes()).toEqual([
    {group: 'toys.example.com', version: 'v1', kind: 'Toy', plural: 'toys', namespaced: true},
  ])
  const resources = await send(server, 'GET', '/apis/toys.example.com/v1')
  expect(resources.value).toMatchObject({
    resources: [{name: 'toys', shortNames: ['ty']}, {name: 'toys/status'}, {name: 'toys/noise'}],
  })
  expect(await send(server, 'GET', '/api/v1/pods')).toMatchObject({status: 404})
})

test('a declaration says how its objects are completed, selected and printed', async () => {
  const server = serve(toyKind())
  const ball = await send(server, 'POST', TOYS, {body: {metadata: {name: 'ball'}}})
  expect(ball).toMatchObject({status: 201, value: {kind: 'Toy', spec: {color: 'red'}}})
  const body = {metadata: {name: 'kite'}, spec: {color: 'blue'}}
  await send(server, 'POST', TOYS, {body})
  const table = await send(server, 'GET', TOYS, {
    query: {fieldSelector: 'spec.color=blue'},
    headers: {accept: 'application/json;as=Table;v=v1;g=meta.k8s.io'},
  })
  expect(table.value).toMatchObject({rows: [{cells: ['kite', 'blue']}]})
})

test('a declaration brings the handlers of its parts', async () => {
  const server = serve(toyKind())
  await send(server, 'POST', TOYS, {body: {metadata: {name: 'drum'}}})
  expect(await send(server, 'GET', `${TOYS}/drum/noise`)).toEqual({
    status: 200,
    value: {noise: 'drum!'},
  })
})

test('hooks hear of what is stored, written and deleted', async () => {
  const storage = new MemoryStorage()
  const [first, second]: [string[], string[]] = [[], []]
  const server = serve(toyKind(first), storage)
  await send(server, 'POST', TOYS, {body: {metadata: {name: 'ball'}}})
  await send(server, 'POST', TOYS, {body: {metadata: {name: 'kite'}}})
  await send(server, 'DELETE', `${TOYS}/ball`)
  expect(first).toEqual(['kite'])
  serve(toyKind(second), storage)
  expect(second).toEqual(['kite'])
})
