import {describe, expect, test} from 'vitest'
import type {StructuralSchema} from '../../../../../src/api/extensions/structural-schema.ts'
import {
  defaultStructural,
  pruneStructural,
} from '../../../../../src/kubernetes/apiserver/schema/structural.ts'
import {validateStructural} from '../../../../../src/kubernetes/apiserver/schema/validate-structural.ts'

function specSchema(
  properties: Record<string, StructuralSchema>,
  more: object = {},
): StructuralSchema {
  return {type: 'object', properties: {spec: {type: 'object', properties, ...more}}}
}

describe('a structural schema', () => {
  test('prunes unknown fields but where it says to preserve them', () => {
    const pruned: string[] = []
    const value = {
      apiVersion: 'a/v1',
      kind: 'A',
      metadata: {name: 'a'},
      spec: {known: 1, unknown: 2, free: {any: {thing: 1}}, list: [{x: 1, y: 2}], map: {k: {z: 1}}},
    }
    pruneStructural(
      value,
      specSchema({
        known: {type: 'integer'},
        free: {type: 'object', 'x-kubernetes-preserve-unknown-fields': true},
        list: {type: 'array', items: {type: 'object', properties: {x: {type: 'integer'}}}},
        map: {type: 'object', additionalProperties: {type: 'object', properties: {}}},
      }),
      (path) => pruned.push(path),
    )
    expect(pruned).toEqual(['spec.unknown', 'spec.list[0].y', 'spec.map.k.z'])
    expect(value.spec).toEqual({known: 1, free: {any: {thing: 1}}, list: [{x: 1}], map: {k: {}}})
  })

  test('keeps what an embedded resource says about itself', () => {
    const value = {spec: {template: {apiVersion: 'v1', kind: 'Pod', metadata: {name: 'x'}, y: 1}}}
    const template = {type: 'object', 'x-kubernetes-embedded-resource': true, properties: {}}
    pruneStructural(value, specSchema({template}), () => undefined)
    expect(value.spec.template).toEqual({apiVersion: 'v1', kind: 'Pod', metadata: {name: 'x'}})
  })

  test('fills in defaults below what is there, and instead of nulls that may not be', () => {
    const value: Record<string, unknown> = {
      spec: {nothing: null, nullable: null, list: [{}, {a: 2}], map: {k: {}}},
    }
    const a = {type: 'integer', default: 1}
    defaultStructural(
      value,
      specSchema({
        nothing: {type: 'string', default: 'x'},
        nullable: {type: 'string', default: 'x', nullable: true},
        missing: {type: 'object', properties: {deep: a}},
        made: {type: 'object', default: {}, properties: {deep: a}},
        list: {type: 'array', items: {type: 'object', properties: {a}}},
        map: {type: 'object', additionalProperties: {type: 'object', properties: {a}}},
      }),
    )
    expect(value).toEqual({
      spec: {
        nothing: 'x',
        nullable: null,
        made: {deep: 1},
        list: [{a: 1}, {a: 2}],
        map: {k: {a: 1}},
      },
    })
  })

  test.each([
    [
      {type: 'integer', maximum: 5},
      6,
      'Invalid value: 6: spec.x in body should be less than or equal to 5',
    ],
    [
      {type: 'number', minimum: 0, exclusiveMinimum: true},
      0,
      'Invalid value: 0: spec.x in body should be greater than 0',
    ],
    [{type: 'string', maxLength: 2}, 'abc', 'Too long: may not be more than 2 bytes'],
    [
      {type: 'string', minLength: 2},
      'a',
      'Invalid value: "a": spec.x in body should be at least 2 chars long',
    ],
    [
      {type: 'string', format: 'date-time'},
      'x',
      'Invalid value: "x": spec.x in body must be of type date-time: "x"',
    ],
    [{type: 'array', maxItems: 1}, [1, 2], 'Too many: 2: must have at most 1 items'],
    [{type: 'array', 'x-kubernetes-list-type': 'set'}, ['a', 'a'], 'Duplicate value: "a"'],
    [
      {'x-kubernetes-int-or-string': true},
      true,
      'Invalid value: "boolean": spec.x in body must be of type integer,string: "boolean"',
    ],
    [
      {oneOf: [{type: 'string'}, {type: 'integer'}]},
      1.5,
      'Invalid value: 1.5: spec.x in body must validate one and only one schema (oneOf). Found none valid',
    ],
    [
      {anyOf: [{type: 'string'}]},
      1,
      'Invalid value: 1: spec.x in body must validate at least one schema (anyOf)',
    ],
    [
      {not: {type: 'string'}},
      'a',
      'Invalid value: "a": spec.x in body must not validate the schema (not)',
    ],
  ] as const)('%j refuses %j', (schema, x, message) => {
    const errors = validateStructural({spec: {x}}, specSchema({x: schema as StructuralSchema}))
    expect(errors.map((error) => error.message)).toEqual([message])
  })

  test.each([
    [{'x-kubernetes-int-or-string': true}, '25%'],
    [{type: 'string', nullable: true}, null],
    [{type: 'number'}, 1],
    [{type: 'string', pattern: '^a+$'}, 'aaa'],
    [{type: 'string', format: 'nobody-knows-this'}, 'x'],
  ])('%j takes %j', (schema, x) => {
    expect(validateStructural({spec: {x}}, specSchema({x: schema}))).toEqual([])
  })
})
