import {describe, expect, test} from 'vitest'
import {encodeVersion2} from '../../../../../src/kubernetes/apiserver/openapi/encode-version-2.ts'
import {definitionsV2, pathsV2} from '../../../../../src/kubernetes/apiserver/openapi/version-2.ts'
import {readFields} from '../../../../../src/kubernetes/apiserver/http/protobuf-wire.ts'

const REFERENCE = {$ref: '#/components/schemas/io.example.Other'}

describe('a schema of version 3 in version 2', () => {
  test.each([
    [
      {type: 'string', pattern: '^a$'},
      {type: 'string', pattern: '^a$'},
    ],
    [
      {description: 'd', allOf: [REFERENCE], default: {}},
      {description: 'd', $ref: '#/definitions/io.example.Other'},
    ],
    [
      {type: 'array', items: REFERENCE},
      {type: 'array', items: {$ref: '#/definitions/io.example.Other'}},
    ],
    [{type: 'object', nullable: true, properties: {a: {type: 'string'}}}, {}],
    [
      {type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: {a: {}}},
      {'x-kubernetes-preserve-unknown-fields': true},
    ],
    [{type: 'integer', anyOf: [{minimum: 1}], not: {}}, {type: 'integer'}],
    [
      {
        type: 'object',
        required: ['a', 'b'],
        properties: {a: {nullable: true}, b: {type: 'string'}},
      },
      {type: 'object', required: ['b'], properties: {a: {}, b: {type: 'string'}}},
    ],
  ])('%j is %j', (three, two) => {
    expect(definitionsV2({'io.example.Kind': three})).toEqual({'io.example.Kind': two})
  })

  test('quantities and numbers with a name are strings', () => {
    const definitions = definitionsV2({
      'io.k8s.apimachinery.pkg.api.resource.Quantity': {
        description: 'q',
        oneOf: [{type: 'string'}],
      },
      'io.k8s.apimachinery.pkg.util.intstr.IntOrString': {oneOf: [{type: 'string'}]},
    })
    expect(Object.values(definitions)).toEqual([
      {description: 'q', type: 'string'},
      {type: 'string', format: 'int-or-string'},
    ])
  })
})

test('an operation of version 2 has its body among the parameters', () => {
  const schema = REFERENCE
  const paths = pathsV2({
    '/a': {
      patch: {
        parameters: [{name: 'dryRun', in: 'query', schema: {type: 'string'}}],
        requestBody: {content: {'application/json': {schema}}},
        responses: {200: {description: 'OK', content: {'application/json': {schema}}}},
        'x-kubernetes-action': 'patch',
      },
    },
  })
  const $ref = '#/definitions/io.example.Other'
  expect(paths).toMatchObject({
    '/a': {
      patch: {
        consumes: ['application/json'],
        parameters: [
          {name: 'body', in: 'body', schema: {$ref}},
          {name: 'dryRun', in: 'query', type: 'string'},
        ],
        responses: {200: {description: 'OK', schema: {$ref}}},
        'x-kubernetes-action': 'patch',
      },
    },
  })
})

describe('a document in protobuf', () => {
  test('has its definitions by name, with types, properties and extensions', () => {
    const bytes = encodeVersion2({
      swagger: '2.0',
      definitions: {
        'io.example.Kind': {
          type: 'object',
          required: ['a'],
          properties: {a: {type: 'string', minLength: 300}},
          'x-kind': [{kind: 'Kind'}],
        },
      },
    })
    expect(read(bytes, [1])).toBe('2.0')
    expect(read(bytes, [9, 1, 1])).toBe('io.example.Kind')
    const schema = [9, 1, 2]
    expect(read(bytes, [...schema, 22, 1])).toBe('object')
    expect(read(bytes, [...schema, 19])).toBe('a')
    expect(read(bytes, [...schema, 25, 1, 1])).toBe('a')
    expect(read(bytes, [...schema, 25, 1, 2, 12])).toBe(300n)
    expect(read(bytes, [...schema, 31, 1])).toBe('x-kind')
    expect(read(bytes, [...schema, 31, 2, 2])).toBe('[{"kind":"Kind"}]\n')
  })
})

/** The first value at a path of field numbers. */
function read(message: Uint8Array, [number, ...rest]: readonly number[]): unknown {
  const value = readFields(message).find((field) => field.number === number)?.value
  if (!(value instanceof Uint8Array)) return value
  return rest.length === 0 ? Buffer.from(value).toString('utf8') : read(value, rest)
}
