import {beforeEach, expect, test} from 'vitest'
import {
  objectAt,
  objectsAt,
  type JsonObject,
} from '../../../../../src/kubernetes/apiserver/json-value.ts'
import {Api} from '../../../../conformance/kubernetes-api/api-under-test.ts'
import {freshServer, TESTER} from '../../../../conformance/kubernetes-api/fresh-server.ts'

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'

let api: Api
beforeEach(async () => {
  const {server, clock, storage} = await freshServer()
  const close = (): Promise<void> => Promise.resolve()
  api = new Api({transport: server.transport(TESTER), clock, storage, close})
  await define({plural: 'widgets', kind: 'Widget', shortNames: ['wd', 'wi']})
})

test.each([
  ['PluralConflict', {plural: 'widget', singular: 'other'}, '"widget"'],
  ['PluralConflict', {plural: 'wd'}, '"wd"'],
  ['SingularConflict', {singular: 'widgets'}, '"widgets"'],
  ['ShortNamesConflict', {shortNames: ['o', 'widget']}, '"widget"'],
  ['KindConflict', {kind: 'Widget', listKind: 'OtherList', singular: 'other'}, '"Widget"'],
  ['KindConflict', {kind: 'WidgetList', listKind: 'OtherList', singular: 'other'}, '"WidgetList"'],
  ['ListKindConflict', {listKind: 'WidgetList'}, '"WidgetList"'],
])('a definition that waits for a name says %s', async (reason, names, name) => {
  const wanted = {plural: 'others', kind: 'Other', ...names}
  expect(await define(wanted)).toMatchObject({
    conditions: [
      {type: 'NamesAccepted', status: 'False', reason, message: `${name} is already in use`},
      {
        type: 'Established',
        status: 'False',
        reason: 'NotAccepted',
        message: 'not all names are accepted',
      },
    ],
  })
  expect(await servedNames()).toEqual(['widgets'])
})

test('several short names in use are told together', async () => {
  expect(await define({plural: 'others', kind: 'Other', shortNames: ['wi', 'wd']})).toMatchObject({
    acceptedNames: {plural: 'others', singular: 'other', kind: 'Other', listKind: 'OtherList'},
    conditions: [{message: '["wi" is already in use, "wd" is already in use]'}, {}],
  })
})

test('what is not accepted is empty where it must be there, and else left out', async () => {
  const status = await define({plural: 'others', kind: 'Widget', singular: 'other'})
  expect(status['acceptedNames']).toEqual({plural: 'others', singular: 'other', kind: ''})
})

test('a resource and a kind may have the same name, and so may resources of two groups', async () => {
  const accepted = {conditions: [{status: 'True'}, {status: 'True'}]}
  expect(await define({plural: 'wonders', singular: 'w', kind: 'Wd'})).toMatchObject(accepted)
  expect(await define({plural: 'widgets', kind: 'Widget'}, 'example.org')).toMatchObject(accepted)
})

test('a definition is served once the one that has its names is gone', async () => {
  await define({plural: 'others', kind: 'Widget', singular: 'other'})
  await api.delete(`${DEFINITIONS}/widgets.example.com`)
  expect((await api.get(`${DEFINITIONS}/others.example.com`)).value).toMatchObject({
    status: {
      acceptedNames: {plural: 'others', singular: 'other', kind: 'Widget', listKind: 'WidgetList'},
      conditions: [
        {type: 'NamesAccepted', status: 'True', reason: 'NoConflicts'},
        {type: 'Established', status: 'True', reason: 'InitialNamesAccepted'},
      ],
    },
  })
  expect(await servedNames()).toEqual(['others'])
})

test('a definition is served once the one that has its names waits no longer for its objects', async () => {
  await define({plural: 'others', kind: 'Widget', singular: 'other'})
  const widgets = '/apis/example.com/v1/namespaces/default/widgets'
  await api.post(widgets, {
    apiVersion: 'example.com/v1',
    kind: 'Widget',
    metadata: {name: 'a', finalizers: ['example.com/hold']},
  })
  await api.delete(`${DEFINITIONS}/widgets.example.com`)
  expect(await servedNames()).toEqual(['widgets'])
  await api.patch(`${widgets}/a`, 'merge-patch', {metadata: {finalizers: null}})
  expect(await servedNames()).toEqual(['others'])
})

test('a definition that waits may ask for other names', async () => {
  await define({plural: 'others', kind: 'Widget', singular: 'other'})
  const names = {kind: 'Other', listKind: 'OtherList'}
  await api.patch(`${DEFINITIONS}/others.example.com`, 'merge-patch', {spec: {names}})
  expect(await servedNames()).toEqual(['others', 'widgets'])
})

test('a definition that is served stays so under its old names, and frees what it gives up', async () => {
  await define({plural: 'others', kind: 'Other', shortNames: ['o']})
  await define({plural: 'thirds', kind: 'Third', shortNames: ['o']})
  const names = {shortNames: ['wd']}
  await api.patch(`${DEFINITIONS}/others.example.com`, 'merge-patch', {spec: {names}})
  expect((await api.get(`${DEFINITIONS}/others.example.com`)).value).toMatchObject({
    status: {
      acceptedNames: {shortNames: ['o']},
      conditions: [{status: 'False', reason: 'ShortNamesConflict'}, {status: 'True'}],
    },
  })
  expect(await servedNames()).toEqual(['others', 'widgets'])
  await api.patch(`${DEFINITIONS}/widgets.example.com`, 'merge-patch', {
    spec: {names: {shortNames: ['wi']}},
  })
  expect((await api.get(`${DEFINITIONS}/others.example.com`)).value).toMatchObject({
    status: {acceptedNames: {shortNames: ['wd']}, conditions: [{status: 'True'}, {status: 'True'}]},
  })
  expect(await servedNames()).toEqual(['others', 'thirds', 'widgets'])
})

/** Defines a kind and answers the status of its definition. */
async function define(
  names: {plural: string} & Readonly<Record<string, unknown>>,
  group = 'example.com',
): Promise<JsonObject> {
  const schema = {openAPIV3Schema: {type: 'object'}}
  const made = await api.post(DEFINITIONS, {
    metadata: {name: `${names.plural}.${group}`},
    spec: {
      group,
      scope: 'Namespaced',
      names,
      versions: [{name: 'v1', served: true, storage: true, schema}],
    },
  })
  expect(made.status).toBe(201)
  return objectAt(made.value, 'status')
}

async function servedNames(): Promise<string[]> {
  const {value} = await api.get('/apis/example.com/v1')
  return objectsAt(value, 'resources')
    .map(({name}) => String(name))
    .toSorted()
}
