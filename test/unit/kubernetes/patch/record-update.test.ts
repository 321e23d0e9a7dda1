import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {KubeObject, ManagedFieldsEntry} from '../../../../src/api/meta/object.ts'
import {fieldSet} from '../../../../src/kubernetes/patch/fields-v1.ts'
import {customResourceSchema} from '../../../../src/kubernetes/patch/merge-schema.ts'
import {builtInMergeTypeOf, mergeTypeOf} from '../../../../src/kubernetes/patch/merge-type.ts'
import {recordUpdate, type RecordedUpdate} from '../../../../src/kubernetes/patch/record-update.ts'
import type {JsonObject} from '../../../../src/util/json.ts'
import {ownersOf, update, widget, WIDGET} from './widgets.ts'

describe('a create', () => {
  test('gives its manager all fields but those the server sets', () => {
    const after = widget({size: 1, parts: [{name: 'a'}]})
    after.metadata = {
      name: 'w',
      namespace: 'ns',
      uid: 'u',
      resourceVersion: '7',
      generation: 1,
      creationTimestamp: 'T',
      labels: {a: '1'},
      finalizers: ['example.com/f'],
      ownerReferences: [{apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'owner'}],
    }
    expect(record({after})).toEqual([
      entry({
        'f:metadata': {
          'f:finalizers': {'.': {}, 'v:"example.com/f"': {}},
          'f:labels': {'.': {}, 'f:a': {}},
          'f:ownerReferences': {'.': {}, 'k:{"uid":"owner"}': {}},
        },
        'f:spec': {
          '.': {},
          'f:parts': {'.': {}, 'k:{"kind":"plain","name":"a"}': {'.': {}, 'f:name': {}}},
          'f:size': {},
        },
      }),
    ])
  })

  test('of a kind with Go structs gives nobody the structs themselves', () => {
    const schema = customResourceSchema({
      type: 'object',
      required: ['list'],
      properties: {
        spec: {
          type: 'object',
          default: {},
          required: ['list'],
          properties: {
            list: {type: 'array', items: {type: 'string'}, 'x-kubernetes-list-type': 'set'},
            pointer: {type: 'object', properties: {a: {type: 'string'}}},
          },
        },
      },
    })
    const after = widget({list: ['a'], pointer: {a: '1'}})
    expect(record({after, type: builtInMergeTypeOf(schema)})?.[0]?.fieldsV1).toEqual({
      'f:spec': {'f:list': {'v:"a"': {}}, 'f:pointer': {'.': {}, 'f:a': {}}},
    })
    expect(record({after, type: mergeTypeOf(schema)})?.[0]?.fieldsV1).toEqual({
      'f:spec': {
        '.': {},
        'f:list': {'.': {}, 'v:"a"': {}},
        'f:pointer': {'.': {}, 'f:a': {}},
      },
    })
  })

  test('with nothing to own is owned by nobody', () => {
    const {spec: _, ...bare} = widget({})
    expect(record({after: bare})).toBeUndefined()
  })

  test('without a manager is by `unknown`', () => {
    expect(record({after: widget({size: 1}), manager: ''})?.[0]?.manager).toBe('unknown')
  })
})

describe('an update', () => {
  const live = update(undefined, {size: 1, color: 'red', labels: {a: '1', b: '2'}}, 'first')

  test('moves what it changes to its manager', () => {
    const after = update(live, {size: 2, color: 'red', labels: {a: '1', b: '2'}}, 'second')
    expect(ownersOf(after)).toEqual({
      first: {'f:spec': {'.': {}, 'f:color': {}, 'f:labels': {'.': {}, 'f:a': {}, 'f:b': {}}}},
      second: {'f:spec': {'f:size': {}}},
    })
  })

  test('takes from everybody what it removes, and a manager without fields goes', () => {
    const second = update(live, {size: 2, color: 'red', labels: {a: '1', b: '2'}}, 'second')
    const after = update(second, {color: 'red', labels: {a: '1'}}, 'third')
    expect(ownersOf(after)).toEqual({
      first: {'f:spec': {'.': {}, 'f:color': {}, 'f:labels': {'.': {}, 'f:a': {}}}},
    })
  })

  test('that changes nothing leaves the very same list', () => {
    const {managedFields} = live.metadata
    expect(record({before: live, after: {...live}, time: 'T2'})).toBe(managedFields)
    const {managedFields: _, ...metadata} = live.metadata
    expect(record({before: live, after: {...live, metadata}, time: 'T2'})).toBe(managedFields)
  })

  test('moves the time of its own entry only', () => {
    const second = update(live, {size: 2, color: 'red', labels: {a: '1', b: '2'}}, 'second')
    const after = {...second, spec: {size: 3, color: 'red', labels: {a: '1', b: '2'}}}
    const times = record({before: second, after, manager: 'second', time: 'T2'})
    expect(times?.map(({manager, time}) => [manager, time])).toEqual([
      ['first', 'T1'],
      ['second', 'T2'],
    ])
  })

  test('by who applied is another entry', () => {
    const after = update(live, {size: 2}, 'first', 'status')
    expect(after.metadata.managedFields?.map(({subresource}) => subresource)).toEqual([
      undefined,
      'status',
    ])
  })

  test('touches nobody through fields it does not write', () => {
    const after = {...live, spec: {size: 9}, status: {phase: 'Ready'}} as unknown as KubeObject
    const entries = record({
      before: live,
      after,
      subresource: 'status',
      ignored: fieldSet(['spec'], ['metadata']),
    })
    expect(entries).toHaveLength(2)
    expect(entries?.find((each) => each.manager === 'first')).toEqual(
      live.metadata.managedFields?.[0],
    )
    expect(entries?.find((each) => each.subresource === 'status')?.fieldsV1).toEqual({
      'f:status': {'.': {}, 'f:phase': {}},
    })
  })

  test('of an item that is there twice owns the item as a whole', () => {
    const once = update(undefined, {parts: [{name: 'a', value: '1'}]}, 'first')
    const twice = update(once, {parts: [{name: 'a', value: '1'}, {name: 'a'}]}, 'second')
    expect(ownersOf(twice)).toEqual({
      first: {'f:spec': {'.': {}, 'f:parts': {}}},
      second: {'f:spec': {'f:parts': {'k:{"kind":"plain","name":"a"}': {}}}},
    })
    const again = update(twice, {parts: [{name: 'a', value: '2'}]}, 'third')
    expect(ownersOf(again)['third']).toEqual({
      'f:spec': {
        'f:parts': {'k:{"kind":"plain","name":"a"}': {'.': {}, 'f:name': {}, 'f:value': {}}},
      },
    })
  })

  test('of items that cannot be told apart keeps the entries as they are', () => {
    const after = {...live, spec: {tags: [null]}} as unknown as KubeObject
    expect(record({before: live, after})).toBe(live.metadata.managedFields)
  })
})

describe('managed fields that a client sends', () => {
  const live = update(undefined, {size: 1}, 'first')
  const sent = (managedFields: ManagedFieldsEntry[]): KubeObject => ({
    ...live,
    metadata: {...live.metadata, managedFields},
  })

  test('replace the stored ones', () => {
    const after = sent([entry({'f:spec': {'f:color': {}}}, 'kubectl')])
    expect(record({before: live, after})).toEqual(after.metadata.managedFields)
  })

  test.each([
    ['an empty list', []],
    ['one empty entry', [{}]],
  ])('remove the stored ones as %s, for good', (_name, managedFields) => {
    expect(record({before: live, after: sent(managedFields)})).toBeUndefined()
    const {managedFields: _, ...metadata} = live.metadata
    const unmanaged = {...live, metadata}
    const after = {...unmanaged, spec: {size: 5}}
    expect(record({before: unmanaged, after})).toBeUndefined()
  })

  test.each<[string, ManagedFieldsEntry]>([
    ['without an operation', {manager: 'x', apiVersion: 'v1', fieldsType: 'FieldsV1'}],
    ['without a version', {manager: 'x', operation: 'Update', fieldsType: 'FieldsV1'}],
    ['without a type', {manager: 'x', operation: 'Update', apiVersion: 'v1'}],
    ['with fields that are none', entry({nonsense: {}})],
  ])('are left out of account %s', (_name, broken) => {
    expect(record({before: live, after: sent([broken])})).toEqual(live.metadata.managedFields)
  })

  test('are left out of account on a subresource', () => {
    const after = sent([entry({'f:spec': {}}, 'kubectl')])
    expect(record({before: live, after, subresource: 'status'})).toBe(live.metadata.managedFields)
  })

  test('come back in canonical form', () => {
    const after = sent([entry({'f:spec': {'f:parts': {'k:{"name": "a", "kind": "b"}': {}}}})])
    expect(record({before: live, after})?.[0]?.fieldsV1).toEqual({
      'f:spec': {'f:parts': {'k:{"kind":"b","name":"a"}': {}}},
    })
  })
})

test('more than ten managers that update become few', () => {
  let object: KubeObject | undefined
  for (let index = 0; index < 14; index++) {
    const labels = Object.fromEntries(Array.from({length: index + 1}, (_, at) => [`l${at}`, '']))
    const time = `2024-04-22T00:00:${String(index).padStart(2, '0')}Z`
    const after = {...widget({labels}), metadata: object?.metadata ?? {name: 'w'}}
    const managedFields = record({before: object, after, manager: `m${index}`, time}) ?? []
    object = {...after, metadata: {name: 'w', uid: 'u', managedFields}}
  }
  const entries = object?.metadata.managedFields ?? []
  expect(entries).toHaveLength(10)
  expect(entries[0]).toMatchObject({
    manager: 'ancient-changes',
    time: '2024-04-22T00:00:04Z',
    fieldsV1: {'f:spec': {'f:labels': {'f:l0': {}, 'f:l4': {}}}},
  })
  expect(entries.slice(1).map(({manager}) => manager)).toEqual([
    'm5',
    'm6',
    'm7',
    'm8',
    'm9',
    'm10',
    'm11',
    'm12',
    'm13',
  ])
})

test('every field of an object has exactly one owner that updates', () => {
  const labels = fc.dictionary(
    fc.constantFrom('a', 'b', 'c', 'constructor'),
    fc.constantFrom('1', '2'),
    {
      noNullPrototype: true,
      minKeys: 1,
    },
  )
  fc.assert(
    fc.property(fc.array(labels, {minLength: 1, maxLength: 6}), (writes) => {
      let object: KubeObject | undefined
      for (const [index, each] of writes.entries()) {
        object = update(object, {labels: each}, `m${index % 3}`)
        object.metadata.uid = 'u'
      }
      const owned = (object?.metadata.managedFields ?? []).flatMap(({fieldsV1}) => {
        const spec = (fieldsV1 as Record<string, JsonObject>)['f:spec']
        return Object.keys((spec?.['f:labels'] ?? {}) as JsonObject).filter((key) => key !== '.')
      })
      expect(owned.toSorted()).toEqual(
        Object.keys(writes.at(-1) ?? {})
          .map((name) => `f:${name}`)
          .toSorted(),
      )
    }),
  )
})

function record(change: Partial<RecordedUpdate> & Pick<RecordedUpdate, 'after'>) {
  return recordUpdate({
    before: undefined,
    manager: 'me',
    time: 'T1',
    apiVersion: 'example.com/v1',
    type: WIDGET,
    ...change,
  })
}

function entry(fieldsV1: Record<string, unknown>, manager = 'me'): ManagedFieldsEntry {
  return {
    manager,
    operation: 'Update',
    apiVersion: 'example.com/v1',
    time: 'T1',
    fieldsType: 'FieldsV1',
    fieldsV1,
  }
}
