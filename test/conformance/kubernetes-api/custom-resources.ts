import {expect, test} from 'vitest'
import type {Api} from './api-under-test.ts'
import {listOf, namesOf} from './collections.ts'

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const DEFINITION = `${DEFINITIONS}/widgets.example.com`
const WIDGETS = '/apis/example.com/v1/namespaces/default/widgets'

export function customResourceTests(api: () => Api): void {
  test('serves a kind from the moment it is defined until it is not', async () => {
    expect(
      (
        await api()
          .get(WIDGETS)
          .catch(() => undefined)
      )?.status ?? 404,
    ).toBe(404)
    const defined = await api().post(DEFINITIONS, definition())
    expect(defined.value).toMatchObject({
      status: {
        acceptedNames: {kind: 'Widget', listKind: 'WidgetList', singular: 'widget'},
        conditions: [
          {type: 'NamesAccepted', status: 'True'},
          {type: 'Established', status: 'True'},
        ],
        storedVersions: ['v1'],
      },
    })
    expect((await api().post(WIDGETS, widget('a', {size: 1}))).status).toBe(201)
    await api().delete(DEFINITION)
    expect((await api().send({method: 'GET', path: WIDGETS})).status).toBe(404)
  })

  test('takes the objects of a kind along when its definition is deleted', async () => {
    await api().post(DEFINITIONS, definition())
    await api().post(WIDGETS, widget('a', {size: 1}))
    await api().delete(DEFINITION)
    expect((await api().send({method: 'GET', path: DEFINITION})).status).toBe(404)
    await api().post(DEFINITIONS, definition())
    expect(namesOf(listOf(await api().get(WIDGETS)))).toEqual([])
  })

  test('keeps a definition that is deleted until the last of its objects is let go', async () => {
    const finalizers = ['example.com/hold']
    await api().post(DEFINITIONS, definition())
    await api().post(WIDGETS, {...widget('a', {size: 1}), metadata: {name: 'a', finalizers}})
    await api().post(WIDGETS, widget('b', {size: 1}))
    await api().delete(DEFINITION)
    expect((await api().get(DEFINITION)).value).toMatchObject({
      metadata: {finalizers: ['customresourcecleanup.apiextensions.k8s.io']},
      status: {
        conditions: [
          {type: 'NamesAccepted', status: 'True'},
          {type: 'Established', status: 'True'},
          {type: 'Terminating', status: 'True', reason: 'InstanceDeletionInProgress'},
        ],
      },
    })
    expect(namesOf(listOf(await api().get(WIDGETS)))).toEqual(['a'])
    expect(await api().post(WIDGETS, widget('c', {size: 1}))).toMatchObject({
      status: 405,
      value: {message: 'create not allowed while custom resource definition is terminating'},
    })
    await api().patch(`${WIDGETS}/a`, 'merge-patch', {metadata: {finalizers: null}})
    expect((await api().send({method: 'GET', path: DEFINITION})).status).toBe(404)
    expect((await api().send({method: 'GET', path: WIDGETS})).status).toBe(404)
  })

  test('keeps a definition that somebody else still holds, without objects', async () => {
    const held = {...definition(), metadata: {name: 'widgets.example.com', finalizers: ['a.b/c']}}
    await api().post(DEFINITIONS, held)
    await api().post(WIDGETS, widget('a', {size: 1}))
    await api().delete(DEFINITION)
    expect((await api().get(DEFINITION)).value).toMatchObject({
      metadata: {finalizers: ['a.b/c']},
      status: {conditions: [{}, {}, {type: 'Terminating', status: 'False'}]},
    })
    expect(namesOf(listOf(await api().get(WIDGETS)))).toEqual([])
  })

  test('prunes what the schema does not know, and fills in what it defaults', async () => {
    await api().post(DEFINITIONS, definition())
    const answer = await api().post(WIDGETS, widget('a', {size: 2, bogus: 1, free: {any: 1}}))
    expect((answer.value as {spec?: unknown}).spec).toEqual({
      size: 2,
      color: 'red',
      free: {any: 1},
    })
    expect(answer.warnings).toEqual(['unknown field "spec.bogus"'])
  })

  test.each([
    [
      'a type',
      {size: 'big'},
      'spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"',
    ],
    [
      'a bound',
      {size: 0},
      'spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1',
    ],
    [
      'an enum',
      {size: 1, color: 'pink'},
      'spec.color: Unsupported value: "pink": supported values: "red", "blue"',
    ],
    [
      'a pattern',
      {size: 1, code: 'x'},
      'spec.code: Invalid value: "x": spec.code in body should match \'^[0-9]+$\'',
    ],
    ['a missing field', {}, 'spec.size: Required value'],
  ])('refuses %s the schema does not allow', async (_what, spec, problem) => {
    await api().post(DEFINITIONS, definition())
    const answer = await api().post(WIDGETS, widget('a', spec))
    expect(answer).toMatchObject({
      status: 422,
      value: {message: `Widget.example.com "a" is invalid: ${problem}`},
    })
  })

  test('keeps the status of a kind with a status of its own', async () => {
    await api().post(DEFINITIONS, definition())
    const {value} = await api().post(WIDGETS, {...widget('a', {size: 1}), status: {ready: true}})
    expect(value).not.toHaveProperty('status')
    const status = await api().put(`${WIDGETS}/a/status`, {...value, status: {ready: true}})
    expect(status.value).toMatchObject({status: {ready: true}, metadata: {generation: 1}})
  })

  test('scales by the paths of the definition', async () => {
    await api().post(DEFINITIONS, definition())
    await api().post(WIDGETS, widget('a', {size: 3}))
    const scale = await api().get(`${WIDGETS}/a/scale`)
    expect(scale.value).toMatchObject({spec: {replicas: 3}})
    await api().patch(`${WIDGETS}/a/scale`, 'merge-patch', {spec: {replicas: 5}})
    expect((await api().get(`${WIDGETS}/a`)).value).toMatchObject({spec: {size: 5}})
  })

  test('shows one object as each of the served versions', async () => {
    await api().post(DEFINITIONS, definition())
    await api().post(WIDGETS, widget('a', {size: 1}))
    const old = '/apis/example.com/v1beta1/namespaces/default/widgets'
    expect((await api().get(`${old}/a`)).value.apiVersion).toBe('example.com/v1beta1')
    await api().post(old, {...widget('b', {size: 1}), apiVersion: 'example.com/v1beta1'})
    const list = listOf(await api().get(WIDGETS))
    expect(namesOf(list)).toEqual(['a', 'b'])
    expect(list.items.map(({apiVersion}) => apiVersion)).toEqual([
      'example.com/v1',
      'example.com/v1',
    ])
  })

  test('needs a version to replace a custom resource', async () => {
    await api().post(DEFINITIONS, definition())
    await api().post(WIDGETS, widget('a', {size: 1}))
    const answer = await api().put(`${WIDGETS}/a`, widget('a', {size: 2}))
    expect(answer).toMatchObject({
      status: 422,
      value: {details: {causes: [{message: 'Invalid value: 0: must be specified for an update'}]}},
    })
  })

  test('prints the columns of the definition', async () => {
    await api().post(DEFINITIONS, definition())
    await api().post(WIDGETS, widget('a', {size: 1}))
    const table = await api().get(WIDGETS, {}, 'application/json;as=Table;v=v1;g=meta.k8s.io')
    expect(table.value).toMatchObject({
      columnDefinitions: [{name: 'Name'}, {name: 'Size', type: 'integer'}, {name: 'Color'}],
      rows: [{cells: ['a', 1, 'red']}],
    })
  })
}

function definition(): object {
  const properties = {
    size: {type: 'integer', minimum: 1},
    color: {type: 'string', enum: ['red', 'blue'], default: 'red'},
    code: {type: 'string', pattern: '^[0-9]+$'},
    free: {type: 'object', 'x-kubernetes-preserve-unknown-fields': true},
  }
  const schema = {
    openAPIV3Schema: {
      type: 'object',
      properties: {
        spec: {type: 'object', required: ['size'], properties},
        status: {type: 'object', properties: {ready: {type: 'boolean'}}},
      },
    },
  }
  const subresources = {
    status: {},
    scale: {specReplicasPath: '.spec.size', statusReplicasPath: '.status.size'},
  }
  const additionalPrinterColumns = [
    {name: 'Size', type: 'integer', jsonPath: '.spec.size'},
    {name: 'Color', type: 'string', jsonPath: '.spec.color'},
  ]
  const version = {served: true, schema, subresources, additionalPrinterColumns}
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {name: 'widgets.example.com'},
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: {plural: 'widgets', kind: 'Widget', shortNames: ['wd'], categories: ['all']},
      versions: [
        {name: 'v1', storage: true, ...version},
        {name: 'v1beta1', storage: false, ...version},
      ],
    },
  }
}

function widget(name: string, spec: object): object {
  return {apiVersion: 'example.com/v1', kind: 'Widget', metadata: {name}, spec}
}
