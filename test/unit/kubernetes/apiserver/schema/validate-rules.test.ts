import {describe, expect, test} from 'vitest'
import type {
  StructuralSchema,
  ValidationRule,
} from '../../../../../src/api/extensions/structural-schema.ts'
import {customSchema} from '../../../../../src/kubernetes/apiserver/schema/object-schema.ts'
import {validateRules} from '../../../../../src/kubernetes/apiserver/schema/validate-rules.ts'

function schemaWith(...rules: ValidationRule[]): StructuralSchema {
  return {
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        properties: {
          size: {type: 'integer'},
          color: {type: 'string'},
          mode: {type: 'string'},
          since: {type: 'string', format: 'date-time'},
        },
        'x-kubernetes-validations': rules,
      },
    },
  }
}

function problems(rule: ValidationRule, spec: object, old?: object): string[] {
  const before = old === undefined ? undefined : {spec: old}
  return validateRules({spec}, schemaWith(rule), before).map(
    ({field, message}) => `${field}: ${message}`,
  )
}

const SMALL = {rule: 'self.size < 10', message: 'too big'}

describe('a broken rule is told', () => {
  test('by its message', () => {
    expect(problems(SMALL, {size: 3})).toEqual([])
    expect(problems(SMALL, {size: 30})).toEqual(['spec: Invalid value: "object": too big'])
  })

  test('by the rule where it has no message', () => {
    expect(problems({rule: 'self.size < 10'}, {size: 30})).toEqual([
      'spec: Invalid value: "object": failed rule: self.size < 10',
    ])
  })

  test('by a message that is made', () => {
    const rule = {...SMALL, messageExpression: "string(self.size) + ' is too big'"}
    expect(problems(rule, {size: 30})).toEqual(['spec: Invalid value: "object": 30 is too big'])
    expect(problems({...rule, messageExpression: 'self.nope'}, {size: 30})).toEqual([
      'spec: Invalid value: "object": too big',
    ])
  })

  test.each([
    ['FieldValueForbidden', 'spec: Forbidden: too big'],
    ['FieldValueRequired', 'spec: Required value: too big'],
    ['FieldValueDuplicate', 'spec: Duplicate value: "object"'],
    ['FieldValueInvalid', 'spec: Invalid value: "object": too big'],
  ])('for the reason %s', (reason, told) => {
    expect(problems({...SMALL, reason}, {size: 30})).toEqual([told])
  })

  test('at the field it names', () => {
    expect(problems({...SMALL, fieldPath: '.size'}, {size: 30})).toEqual([
      'spec.size: Invalid value: "object": too big',
    ])
  })

  test('by what went wrong where it has no value', () => {
    expect(problems(SMALL, {})).toEqual([
      'spec: Invalid value: "object": no such key: size evaluating rule: too big',
    ])
    expect(problems({rule: "self.size == 1 && self.size + 'a' == ''"}, {size: 1})).toEqual([
      `spec: Invalid value: "object": 'no such overload': call arguments did not match a supported operator, function or macro signature for rule: self.size == 1 && self.size + 'a' == ''`,
    ])
  })
})

describe('rules about the old value', () => {
  const FIXED = {rule: 'self.mode == oldSelf.mode', message: 'mode is fixed'}

  test('count only where there is one', () => {
    expect(problems(FIXED, {mode: 'a'})).toEqual([])
    expect(problems(FIXED, {mode: 'a'}, {mode: 'a', size: 1})).toEqual([])
    expect(problems(FIXED, {mode: 'b'}, {mode: 'a'})).toEqual([
      'spec: Invalid value: "object": mode is fixed',
    ])
  })

  test('count for new objects too where the old value is optional', () => {
    const rule = {
      rule: "oldSelf.hasValue() || self.mode == 'a'",
      message: 'begins with a',
      optionalOldSelf: true,
    }
    expect(problems(rule, {mode: 'b'})).toEqual(['spec: Invalid value: "object": begins with a'])
    expect(problems(rule, {mode: 'b'}, {mode: 'a'})).toEqual([])
  })

  test('find items of lists by their keys', () => {
    const schema: StructuralSchema = {
      type: 'object',
      properties: {
        ports: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: {
            type: 'object',
            properties: {name: {type: 'string'}, port: {type: 'integer'}},
            'x-kubernetes-validations': [{rule: 'self.port >= oldSelf.port', message: 'shrinks'}],
          },
        },
      },
    }
    const old = {
      ports: [
        {name: 'a', port: 1},
        {name: 'b', port: 9},
      ],
    }
    const wanted = {
      ports: [
        {name: 'b', port: 8},
        {name: 'c', port: 0},
        {name: 'a', port: 2},
      ],
    }
    expect(validateRules(wanted, schema, old).map(({field}) => field)).toEqual(['ports[0]'])
  })
})

test('what was stored already may go on to break a rule', () => {
  expect(problems(SMALL, {size: 30}, {size: 30})).toEqual([])
  expect(problems(SMALL, {size: 30, color: 'x'}, {size: 30})).toHaveLength(1)
})

test('a rule that nobody here can evaluate refuses nothing', () => {
  expect(problems({rule: 'authorizer.group("").check("x").allowed()'}, {size: 1})).toEqual([])
  expect(problems({rule: 'self.size =='}, {size: 1})).toEqual([])
})

test('times are compared as times', () => {
  const rule = {rule: "self.since > timestamp('2024-01-01T00:00:00Z')", message: 'too old'}
  expect(problems(rule, {since: '2024-01-01T00:00:00+01:00'})).toHaveLength(1)
  expect(problems(rule, {since: '2024-01-01T00:00:00-01:00'})).toEqual([])
})

test('maps are walked by their keys', () => {
  const schema: StructuralSchema = {
    type: 'object',
    additionalProperties: {
      type: 'string',
      'x-kubernetes-validations': [{rule: "self != ''", message: 'is empty'}],
    },
  }
  expect(validateRules({a: 'x', b: ''}, schema, undefined)).toMatchObject([{field: '[b]'}])
})

describe('an object as a whole', () => {
  const schema = customSchema(schemaWith(SMALL), {kind: 'Widget', version: 'v1'})

  test('has its rules checked only when all else is well', () => {
    expect(
      schema.validate({spec: {size: 'big'}}).map(({field, message}) => [field, message]),
    ).toEqual([
      ['spec.size', 'Invalid value: "string": spec.size in body must be of type integer: "string"'],
      [
        '<nil>',
        'Invalid value: "null": some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
      ],
    ])
  })

  test('may keep what was wrong before', () => {
    const plain = customSchema(schemaWith(), {kind: 'Widget', version: 'v1'})
    const old = {spec: {size: 'big'}} as never
    expect(plain.validate({spec: {size: 'big', mode: 'a'}}, old)).toEqual([])
    expect(plain.validate({spec: {size: 'big', color: 1}}, old)).toMatchObject([
      {field: 'spec.color'},
    ])
    expect(plain.validate({spec: {size: 'bigger'}}, old)).toMatchObject([{field: 'spec.size'}])
  })
})
