import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {mergePatch} from '../../../../src/kubernetes/patch/merge-patch.ts'
import {builtInMergeTypeOf, DEDUCED} from '../../../../src/kubernetes/patch/merge-type.ts'
import {patchStrategic} from '../../../../src/kubernetes/patch/strategic-merge-patch.ts'
import type {JsonObject} from '../../../../src/util/json.ts'

const item = {type: 'object', properties: {name: {type: 'string'}, value: {type: 'string'}}}
const TYPE = builtInMergeTypeOf({
  type: 'object',
  properties: {
    map: {type: 'object', additionalProperties: {type: 'string'}},
    replaced: {type: 'object', 'x-kubernetes-patch-strategy': 'replace'},
    items: {
      type: 'array',
      items: item,
      'x-kubernetes-patch-strategy': 'merge',
      'x-kubernetes-patch-merge-key': 'name',
    },
    retaining: {
      type: 'array',
      items: item,
      'x-kubernetes-patch-strategy': 'merge,retainKeys',
      'x-kubernetes-patch-merge-key': 'name',
    },
    texts: {
      type: 'array',
      items: {type: 'string'},
      'x-kubernetes-patch-strategy': 'merge',
    },
    plain: {type: 'array', items: item},
    keyless: {type: 'array', items: item, 'x-kubernetes-patch-strategy': 'merge'},
  },
})

describe('a strategic merge patch', () => {
  const cases: [string, JsonObject, JsonObject, JsonObject][] = [
    [
      'merges maps',
      {map: {a: '1', b: '2'}},
      {map: {b: '3', c: '4'}},
      {map: {a: '1', b: '3', c: '4'}},
    ],
    [
      'removes what is null',
      {map: {a: '1', b: '2'}, n: 1},
      {map: {a: null}, n: null},
      {map: {b: '2'}},
    ],
    ['ignores null for what is not there', {}, {map: {a: null, b: '1'}, x: null}, {map: {b: '1'}}],
    ['replaces a map', {map: {a: '1'}}, {map: {$patch: 'replace', b: '2'}}, {map: {b: '2'}}],
    ['empties a map', {map: {a: '1'}}, {map: {$patch: 'delete'}}, {map: {}}],
    [
      'replaces a map that the schema replaces',
      {replaced: {a: 1}},
      {replaced: {b: 2}},
      {replaced: {b: 2}},
    ],
    [
      'replaces a list without strategy',
      {plain: [{name: 'a'}]},
      {plain: [{name: 'b'}]},
      {plain: [{name: 'b'}]},
    ],
    [
      'merges items by key and puts new ones in front of what only the server has',
      {
        items: [
          {name: 'a', value: '1'},
          {name: 'b', value: '2'},
        ],
      },
      {items: [{name: 'c'}, {name: 'b', value: '3'}]},
      {items: [{name: 'c'}, {name: 'a', value: '1'}, {name: 'b', value: '3'}]},
    ],
    [
      'deletes items by key, all that have it',
      {items: [{name: 'a'}, {name: 'b'}, {name: 'a', value: '2'}]},
      {items: [{name: 'a', $patch: 'delete'}]},
      {items: [{name: 'b'}]},
    ],
    [
      'deletes nothing where nothing is',
      {items: [{name: 'a'}]},
      {items: [{name: 'x', $patch: 'delete'}]},
      {items: [{name: 'a'}]},
    ],
    [
      'replaces a merging list',
      {items: [{name: 'a'}, {name: 'b'}]},
      {items: [{$patch: 'replace'}, {name: 'c'}, {name: 'd', $patch: 'delete'}]},
      {items: [{name: 'c'}]},
    ],
    [
      'replaces one item',
      {items: [{name: 'a', value: '1'}]},
      {items: [{name: 'a', $patch: 'delete'}, {name: 'a'}]},
      {items: [{name: 'a'}]},
    ],
    [
      'knows merge under retainKeys too',
      {retaining: [{name: 'a', value: '1'}, {name: 'b'}]},
      {retaining: [{name: 'a', $retainKeys: ['name']}]},
      {retaining: [{name: 'a'}, {name: 'b'}]},
    ],
    [
      'merges texts without repeating them',
      {texts: ['a', 'b']},
      {texts: ['c', 'a']},
      {texts: ['c', 'a', 'b']},
    ],
    [
      'deletes texts',
      {texts: ['a', 'b', 'c']},
      {'$deleteFromPrimitiveList/texts': ['a', 'c', 'x']},
      {texts: ['b']},
    ],
    ['deletes texts from nothing', {}, {'$deleteFromPrimitiveList/texts': ['a']}, {}],
    [
      'retains keys',
      {map: {a: '1', b: '2', c: '3'}},
      {map: {$retainKeys: ['a', 'd'], d: '4'}},
      {map: {a: '1', d: '4'}},
    ],
    [
      'orders a list without changing it',
      {items: [{name: 'a'}, {name: 'b'}, {name: 'c'}]},
      {'$setElementOrder/items': [{name: 'c'}, {name: 'a'}]},
      {items: [{name: 'b'}, {name: 'c'}, {name: 'a'}]},
    ],
    [
      'orders what it merges',
      {items: [{name: 'a'}, {name: 'server'}, {name: 'b'}]},
      {
        '$setElementOrder/items': [{name: 'b'}, {name: 'new'}, {name: 'a'}],
        items: [{name: 'new'}, {name: 'a', value: '1'}],
      },
      {items: [{name: 'server'}, {name: 'b'}, {name: 'new'}, {name: 'a', value: '1'}]},
    ],
    [
      'orders texts it deletes from',
      {texts: ['a', 'b', 'c']},
      {'$setElementOrder/texts': ['c', 'b'], '$deleteFromPrimitiveList/texts': ['a']},
      {texts: ['c', 'b']},
    ],
    [
      'orders a list that is new, and leaves out its directives',
      {},
      {
        '$setElementOrder/items': [{name: 'b'}, {name: 'a'}],
        items: [{name: 'a', $patch: 'delete'}, {name: 'b'}],
      },
      {items: [{name: 'b'}]},
    ],
    ['orders nothing where nothing is', {}, {'$setElementOrder/items': [{name: 'a'}]}, {}],
    [
      'takes what is new without nulls and directives',
      {},
      {map: {a: '1', b: null, $retainKeys: ['a']}},
      {map: {a: '1'}},
    ],
    ['takes the patch where the type changes', {map: {a: '1'}}, {map: ['x']}, {map: ['x']}],
    [
      'leaves alone what every object inherits',
      {},
      {map: {constructor: '1'}},
      {map: {constructor: '1'}},
    ],
  ]
  test.each(cases)('%s', (_name, live, patch, expected) => {
    const before = structuredClone({live, patch})
    expect(patchStrategic(live, patch, TYPE)).toEqual(expected)
    expect({live, patch}).toEqual(before)
  })

  const refused: [string, unknown, number, string][] = [
    [
      'a directive nobody knows',
      {map: {$patch: 'frob'}},
      500,
      'unknown patch type: frob in map: map[$patch:frob]',
    ],
    [
      'an item directive nobody knows',
      {items: [{name: 'a', $patch: 'x'}]},
      500,
      'unknown patch type: x in map: map[$patch:x name:a]',
    ],
    [
      'an item without its key',
      {items: [{value: 'x'}]},
      500,
      'map: map[value:x] does not contain declared merge key: name',
    ],
    [
      'a delete without its key',
      {items: [{$patch: 'delete'}]},
      500,
      'map: map[$patch:delete] does not contain declared merge key: name',
    ],
    [
      'a merge directive',
      {items: [{name: 'a', $patch: 'merge'}]},
      500,
      'merging lists cannot yet be specified in the patch',
    ],
    [
      'items of two types',
      {items: ['x']},
      500,
      'list element types are not identical: [[map[name:a]] [x]]',
    ],
    [
      'keyed items without a key in the schema',
      {keyless: [{name: 'b'}]},
      500,
      'cannot merge lists without merge key for struct',
    ],
    [
      'lists in a merging list',
      {texts: [['x']]},
      500,
      'list element types are not identical: [[a] [[x]]]',
    ],
    [
      'retained keys that are no list',
      {map: {$retainKeys: 'a'}},
      400,
      'invalid patch format of retainKeys',
    ],
    [
      'a field that is not retained',
      {map: {$retainKeys: ['a'], b: '1'}},
      400,
      'invalid patch format of retainKeys',
    ],
    [
      'an order for no field',
      {$setElementOrder: []},
      400,
      'invalid patch format of setElementOrder list',
    ],
    [
      'a deletion from no field',
      {$deleteFromPrimitiveList: []},
      400,
      'invalid patch format of primitive list',
    ],
    [
      'an order that is no list',
      {'$setElementOrder/items': 'a'},
      500,
      'expected a []interface {}, but received a string',
    ],
    [
      'an order for what is no list',
      {'$setElementOrder/map': [{name: 'a'}]},
      500,
      'expected a []interface {}, but received a map[string]interface {}',
    ],
    [
      'items in another order than the one given',
      {'$setElementOrder/items': [{name: 'a'}, {name: 'b'}], items: [{name: 'b'}, {name: 'a'}]},
      500,
      "The order in patch list:\n[map[name:b] map[name:a]]\n doesn't match $setElementOrder list:\n[map[name:a] map[name:b]]\n",
    ],
    [
      'a list for a body',
      [],
      400,
      'json: cannot unmarshal array into Go value of type map[string]interface {}',
    ],
  ]
  test.each(refused)('refuses %s', (_name, patch, code, message) => {
    const live = {map: {a: '1'}, items: [{name: 'a'}], texts: ['a'], keyless: [{name: 'a'}]}
    expect(() => patchStrategic(live, patch, TYPE)).toThrow(
      expect.objectContaining({status: expect.objectContaining({code, message})}),
    )
  })

  test('without lists and directives is a merge patch', () => {
    const value = fc.letrec<{value: unknown; object: JsonObject}>((tie) => ({
      value: fc.oneof({maxDepth: 3}, fc.constantFrom(null, 1, 'x'), tie('object')),
      object: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'constructor'), tie('value'), {
        noNullPrototype: true,
      }),
    })).object
    fc.assert(
      fc.property(value, value, (live, patch) => {
        expect(patchStrategic(live, patch, DEDUCED)).toEqual(mergePatch(live, patch))
      }),
    )
  })

  test('keeps every item once, in the given order', () => {
    const names = fc.uniqueArray(fc.constantFrom<string>('a', 'b', 'c', 'd', 'e', 'f'))
    const toItems = (list: string[]): JsonObject[] => list.map((name) => ({name}))
    fc.assert(
      fc.property(names, names, (live, wanted) => {
        fc.pre(live.length + wanted.length > 0)
        const patch = {'$setElementOrder/items': toItems(wanted), items: toItems(wanted)}
        const {items} = patchStrategic({items: toItems(live)}, patch, TYPE)
        const result = (items as {name: string}[]).map(({name}) => name)
        expect(new Set(result)).toEqual(new Set([...live, ...wanted]))
        expect(result).toHaveLength(new Set(result).size)
        expect(result.filter((name) => wanted.includes(name))).toEqual(wanted)
        const others = live.filter((name) => !wanted.includes(name))
        expect(result.filter((name) => !wanted.includes(name))).toEqual(others)
      }),
    )
  })
})
