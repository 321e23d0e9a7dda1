import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {mergePatch, patchMerge} from '../../../../src/kubernetes/patch/merge-patch.ts'
import {isJsonObject, type JsonObject} from '../../../../src/util/json.ts'

describe('a merge patch', () => {
  // The examples of RFC 7386, appendix A, that start from an object.
  test.each([
    [{a: 'b'}, {a: 'c'}, {a: 'c'}],
    [{a: 'b'}, {b: 'c'}, {a: 'b', b: 'c'}],
    [{a: 'b'}, {a: null}, {}],
    [{a: 'b', b: 'c'}, {a: null}, {b: 'c'}],
    [{a: ['b']}, {a: 'c'}, {a: 'c'}],
    [{a: 'c'}, {a: ['b']}, {a: ['b']}],
    [{a: {b: 'c'}}, {a: {b: 'd', c: null}}, {a: {b: 'd'}}],
    [{a: [{b: 'c'}]}, {a: [1]}, {a: [1]}],
    [{e: null}, {a: 1}, {e: null, a: 1}],
    [{}, {a: {bb: {ccc: null}}}, {a: {bb: {}}}],
  ])('of %j with %j is %j', (live, patch, expected) => {
    expect(patchMerge(live, patch)).toEqual(expected)
  })

  test.each([
    [null, 'Invalid JSON Patch'],
    [
      [],
      'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}',
    ],
    [
      'x',
      'error decoding patch: json: cannot unmarshal string into Go value of type map[string]interface {}',
    ],
  ])('that is %j is refused', (body, message) => {
    expect(() => patchMerge({}, body)).toThrow(
      expect.objectContaining({message, status: expect.objectContaining({code: 400})}),
    )
  })

  test('drops null fields inside of lists', () => {
    expect(mergePatch({a: [1]}, {a: [{b: null, c: 1}, null]})).toEqual({a: [{c: 1}, null]})
  })

  test('merges as RFC 7386 says', () => {
    fc.assert(
      fc.property(json, json, (target, patch) => {
        const before = structuredClone({target, patch})
        expect(mergePatch(target, patch)).toEqual(reference(target, patch))
        expect({target, patch}).toEqual(before)
      }),
    )
  })

  test('merged twice is merged once', () => {
    fc.assert(
      fc.property(json, json, (target, patch) => {
        const once = mergePatch(target, patch)
        expect(mergePatch(once, patch)).toEqual(once)
      }),
    )
  })
})

/** Values without objects in lists, where the two semantics differ. */
const json: fc.Arbitrary<unknown> = fc.letrec<{value: unknown; object: JsonObject}>((tie) => ({
  value: fc.oneof(
    {maxDepth: 3},
    fc.constantFrom(null, 1, 'x', true),
    fc.array(fc.constantFrom(1, 'x')),
    tie('object'),
  ),
  object: fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor'), tie('value'), {
    noNullPrototype: true,
    maxKeys: 4,
  }),
})).value

/** The algorithm of RFC 7386, section 2, word for word. */
function reference(target: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return patch
  const result = new Map<string, unknown>(isJsonObject(target) ? Object.entries(target) : [])
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) result.delete(name)
    else result.set(name, reference(result.get(name), value))
  }
  return Object.fromEntries(result)
}
