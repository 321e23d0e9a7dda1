import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {
  applyJsonPatch,
  JsonPatchError,
  type JsonPatchOperation,
} from '../../../src/util/json-patch.ts'
import {formatJsonPointer, parseJsonPointer} from '../../../src/util/json-pointer.ts'

describe('a JSON pointer', () => {
  test.each([
    ['', []],
    ['/', ['']],
    ['/a/b', ['a', 'b']],
    ['/a~1b/m~0n', ['a/b', 'm~n']],
    ['/~01', ['~1']],
    ['ignored/a', ['a']],
  ])('reads %j as its tokens', (pointer, tokens) => {
    expect(parseJsonPointer(pointer)).toEqual(tokens)
  })

  test('reads back what it wrote', () => {
    const token = fc.oneof(fc.string(), fc.constantFrom('~', '/', '~1', '~0', '__proto__'))
    fc.assert(
      fc.property(fc.array(token), (tokens) => {
        expect(parseJsonPointer(formatJsonPointer(tokens))).toEqual(tokens)
      }),
    )
  })
})

const document = {a: 1, list: ['x', 'y', 'z'], deep: {er: {value: true}}, nothing: null}

describe('a JSON patch', () => {
  const cases: [string, JsonPatchOperation[], unknown][] = [
    ['adds a field', [{op: 'add', path: '/b', value: 2}], {...document, b: 2}],
    ['replaces by adding', [{op: 'add', path: '/a', value: 2}], {...document, a: 2}],
    [
      'inserts before an index',
      [{op: 'add', path: '/list/1', value: 'n'}],
      {...document, list: ['x', 'n', 'y', 'z']},
    ],
    [
      'appends at the length and at the dash',
      [
        {op: 'add', path: '/list/3', value: 'n'},
        {op: 'add', path: '/list/-', value: 'm'},
      ],
      {...document, list: ['x', 'y', 'z', 'n', 'm']},
    ],
    [
      'counts negative indexes from the end',
      [{op: 'remove', path: '/list/-1'}],
      {...document, list: ['x', 'y']},
    ],
    [
      'removes a field and an item',
      [
        {op: 'remove', path: '/deep/er'},
        {op: 'remove', path: '/list/0'},
      ],
      {...document, deep: {}, list: ['y', 'z']},
    ],
    [
      'replaces a field, also a missing one',
      [
        {op: 'replace', path: '/a', value: 2},
        {op: 'replace', path: '/b', value: 3},
      ],
      {...document, a: 2, b: 3},
    ],
    ['replaces the whole document', [{op: 'replace', path: '', value: {only: 1}}], {only: 1}],
    [
      'moves',
      [{op: 'move', from: '/deep/er', path: '/er'}],
      {...document, deep: {}, er: {value: true}},
    ],
    [
      'moves inside a list as remove and add',
      [{op: 'move', from: '/list/0', path: '/list/2'}],
      {...document, list: ['y', 'z', 'x']},
    ],
    ['copies', [{op: 'copy', from: '/list/0', path: '/a'}], {...document, a: 'x'}],
    [
      'copies what is missing as null',
      [{op: 'copy', from: '/no', path: '/b'}],
      {...document, b: null},
    ],
    [
      'tests by value, fields in any order',
      [
        {op: 'test', path: '/deep', value: {er: {value: true}}},
        {op: 'test', path: '/nothing', value: null},
        {op: 'test', path: '/missing', value: null},
        {op: 'test', path: '', value: {...document, a: 1}},
      ],
      document,
    ],
    ['adds null when there is no value', [{op: 'add', path: '/b'}], {...document, b: null}],
    [
      'sees the operations before',
      [
        {op: 'add', path: '/b', value: {}},
        {op: 'add', path: '/b/c', value: []},
        {op: 'add', path: '/b/c/-', value: 1},
      ],
      {...document, b: {c: [1]}},
    ],
  ]
  test.each(cases)('%s', (_name, operations, expected) => {
    const before = structuredClone(document)
    expect(applyJsonPatch(document, operations)).toEqual(expected)
    expect(document).toEqual(before)
  })

  const refused: [string, JsonPatchOperation][] = [
    ['a missing field to remove', {op: 'remove', path: '/no'}],
    ['a missing field to move', {op: 'move', from: '/no', path: '/b'}],
    ['a missing parent', {op: 'add', path: '/no/b', value: 1}],
    ['a parent that is no container', {op: 'add', path: '/a/b', value: 1}],
    ['a parent that is null', {op: 'add', path: '/nothing/b', value: 1}],
    ['an index beyond the end', {op: 'add', path: '/list/4', value: 1}],
    ['an index to replace at the end', {op: 'replace', path: '/list/3', value: 1}],
    ['an index before the start', {op: 'remove', path: '/list/-4'}],
    ['a word for an index', {op: 'remove', path: '/list/one'}],
    ['a value that differs', {op: 'test', path: '/a', value: 2}],
    ['a whole document of another value', {op: 'test', path: '', value: {}}],
    ['an unknown operation', {op: 'frob', path: '/a'}],
    ['an addition at the root', {op: 'add', path: '', value: {}}],
    ['a removal of the root', {op: 'remove', path: ''}],
    ['a scalar for the root', {op: 'replace', path: '', value: 5}],
    ['a move from nowhere', {op: 'move', path: '/b'}],
    ['what every object inherits', {op: 'remove', path: '/constructor'}],
  ]
  test.each(refused)('refuses %s', (_name, operation) => {
    expect(() => applyJsonPatch(document, [operation])).toThrow(JsonPatchError)
  })

  test('stores a field called __proto__ as a field', () => {
    const result = applyJsonPatch({}, [{op: 'add', path: '/__proto__', value: {x: 1}}])
    expect(JSON.stringify(result)).toBe('{"__proto__":{"x":1}}')
    expect((result as {x?: number}).x).toBeUndefined()
  })

  test('an inverse patch brings back the document', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), (object, name) => {
        const path = formatJsonPointer([name])
        const added = applyJsonPatch(object, [{op: 'add', path, value: 'new'}])
        const undo: JsonPatchOperation = Object.hasOwn(object, name)
          ? {op: 'replace', path, value: object[name]}
          : {op: 'remove', path}
        const restored = applyJsonPatch(added, [{op: 'test', path, value: 'new'}, undo])
        expect(JSON.parse(JSON.stringify(restored))).toEqual(JSON.parse(JSON.stringify(object)))
      }),
    )
  })
})

describe('a JSON patch of many operations', () => {
  test('moves ten thousand fields of one map', () => {
    const names = Array.from({length: 10_000}, (_, index) => `k${index}`)
    const before = {map: Object.fromEntries(names.map((name) => [name, name]))}
    const operations = names.map((name) => ({
      op: 'move',
      from: `/map/${name}`,
      path: `/map/m${name}`,
    }))
    const after = applyJsonPatch(before, operations)
    expect(after).toEqual({map: Object.fromEntries(names.map((name) => [`m${name}`, name]))})
    expect(before.map['k0']).toBe('k0')
  })

  test('changes a copy without changing what it was copied from', () => {
    const operations = [
      {op: 'add', path: '/a/x', value: 1},
      {op: 'copy', from: '/a', path: '/b'},
      {op: 'add', path: '/b/deep/y', value: 2},
      {op: 'add', path: '/a/deep/z', value: 3},
    ]
    expect(applyJsonPatch({a: {deep: {}}}, operations)).toEqual({
      a: {deep: {z: 3}, x: 1},
      b: {deep: {y: 2}, x: 1},
    })
  })

  test('refuses copies that come to more than three mebibytes', () => {
    const document = {text: 'x'.repeat(1_000_000)}
    const copies = (count: number): JsonPatchOperation[] =>
      Array.from({length: count}, (_, index) => ({op: 'copy', from: '/text', path: `/c${index}`}))
    expect(applyJsonPatch(document, copies(3))).toHaveProperty('c2', document.text)
    expect(() => applyJsonPatch(document, copies(4))).toThrow(
      'all copies together have 4000008 bytes, and may have 3145728',
    )
  })
})
