import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {
  difference,
  differenceBelow,
  equalSets,
  fieldSet,
  FieldSetBuilder,
  hasPath,
  intersection,
  isEmptySet,
  leaves,
  parseFields,
  pathsOf,
  union,
  type FieldsV1,
} from '../../../../src/kubernetes/patch/fields-v1.ts'
import {sharedFields} from '../../../../src/kubernetes/patch/shared-fields.ts'
import {printPath} from '../../../../src/kubernetes/patch/path-element.ts'

const element = fc.constantFrom('f:a', 'f:b', 'k:{"name":"a"}', 'v:1', 'i:0')
const path = fc.array(element, {minLength: 1, maxLength: 4})
const paths = fc.array(path, {maxLength: 12})

describe('a set of fields', () => {
  test('holds what was added, whatever the order', () => {
    fc.assert(
      fc.property(paths, path, (members, other) => {
        const set = setOf(members)
        expect(textsOf(set)).toEqual(new Set(members.map(text)))
        expect(hasPath(set, other)).toBe(members.map(text).includes(text(other)))
        expect(isEmptySet(set)).toBe(members.length === 0)
        expect(equalSets(set, setOf(members.toReversed()))).toBe(true)
      }),
    )
  })

  test('unites, intersects and differs as sets do', () => {
    fc.assert(
      fc.property(paths, paths, (left, right) => {
        const [a, b] = [setOf(left), setOf(right)]
        const before = JSON.stringify([a, b])
        const [ours, theirs] = [[...textsOf(a)], [...textsOf(b)]]
        const isTheirs = (each: string): boolean => theirs.includes(each)
        expect(textsOf(union(a, b))).toEqual(new Set([...ours, ...theirs]))
        expect(textsOf(intersection(a, b))).toEqual(new Set(ours.filter(isTheirs)))
        expect(textsOf(difference(a, b))).toEqual(new Set(ours.filter((each) => !isTheirs(each))))
        expect(JSON.stringify([a, b])).toBe(before)
      }),
    )
  })

  test('keeps to the laws of sets, in its stored form too', () => {
    fc.assert(
      fc.property(paths, paths, paths, (x, y, z) => {
        const [a, b, c] = [setOf(x), setOf(y), setOf(z)]
        expect(sharedFields(union(a, b))).toEqual(sharedFields(union(b, a)))
        expect(union(union(a, b), c)).toEqual(union(a, union(b, c)))
        expect(union(difference(a, b), intersection(a, b))).toEqual(a)
        expect(difference(a, union(b, c))).toEqual(difference(difference(a, b), c))
        expect(isEmptySet(intersection(difference(a, b), b))).toBe(true)
      }),
    )
  })

  test('is the same object when nothing changes', () => {
    fc.assert(
      fc.property(paths, paths, (left, right) => {
        const a = setOf([...left, ...right])
        expect(union(a, setOf(right))).toBe(a)
        const others = setOf(right.map((each) => ['f:other', ...each]))
        expect(difference(a, others)).toBe(a)
      }),
    )
  })

  test('loses with a path what is below it only when asked to', () => {
    const set = setOf([['f:a'], ['f:a', 'f:b'], ['f:c']])
    expect(textsOf(difference(set, fieldSet(['a'])))).toEqual(new Set(['.a.b', '.c']))
    expect(textsOf(differenceBelow(set, fieldSet(['a'])))).toEqual(new Set(['.c']))
  })

  test('has leaves that nothing is below of', () => {
    fc.assert(
      fc.property(paths, (members) => {
        const texts = members.map(text)
        const expected = texts.filter(
          (each) => !members.some((other) => other.length > 0 && isBelow(text(other), each)),
        )
        expect(textsOf(leaves(setOf(members)))).toEqual(new Set(expected))
      }),
    )
  })

  test('is written as managedFields has it', () => {
    const set = setOf([
      ['f:spec', 'f:ports', 'k:{"port":443}', 'f:name'],
      ['f:spec', 'f:ports', 'k:{"port":80}'],
      ['f:spec', 'f:ports', 'k:{"port":80}', 'f:name'],
      ['f:spec', 'f:replicas'],
    ])
    expect(JSON.stringify(sharedFields(set))).toBe(
      '{"f:spec":{"f:ports":{"k:{\\"port\\":80}":{".":{},"f:name":{}},"k:{\\"port\\":443}":{"f:name":{}}},"f:replicas":{}}}',
    )
  })

  test('reads back what it wrote, and brings what others wrote into its form', () => {
    fc.assert(
      fc.property(paths, (members) => {
        const set = setOf(members)
        expect(parseFields(JSON.parse(JSON.stringify(set)))).toEqual(set)
      }),
    )
    expect(
      parseFields({'f:a': {'k:{ "b": 1, "a": "<" }': {'.': {}}, 'v: "x"': {}, 'i:00': {}}}),
    ).toEqual({'f:a': {'k:{"a":"\\u003c","b":1}': {}, 'v:"x"': {}, 'i:0': {}}})
  })

  test.each([
    ['a list', []],
    ['an unknown element', {'x:a': {}}],
    ['a key that is no JSON', {'k:{': {}}],
    ['a key that is no object', {'k:[]': {}}],
    ['an index that is no number', {'i:x': {}}],
    ['a child that is no object', {'f:a': true}],
  ])('does not read %s', (_name, value) => {
    expect(parseFields(value)).toBeUndefined()
  })

  test('lists the members of a level before those below it, fields before keys', () => {
    const set = setOf([
      ['v:"b"'],
      ['f:b'],
      ['f:a', 'f:x'],
      ['k:{"name":"n"}', 'f:x'],
      ['k:{"name":"n"}'],
    ])
    expect([...pathsOf(set)].map(printPath)).toEqual([
      '.b',
      '[name="n"]',
      '[="b"]',
      '.a.x',
      '[name="n"].x',
    ])
  })
})

function setOf(members: readonly string[][]): FieldsV1 {
  const builder = new FieldSetBuilder()
  for (const member of members) builder.add(member)
  return builder.set
}

function textsOf(set: FieldsV1): Set<string> {
  return new Set([...pathsOf(set)].map(text))
}

const text = printPath

function isBelow(path: string, parent: string): boolean {
  return path.startsWith(parent) && path !== parent && /[.[]/.test(path.charAt(parent.length))
}
