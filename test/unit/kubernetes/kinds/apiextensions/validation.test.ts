import {describe, expect, test} from 'vitest'
import type {StructuralSchema} from '../../../../../src/api/extensions/structural-schema.ts'
import type {JsonObject} from '../../../../../src/kubernetes/apiserver/json-value.ts'
import {
  validateDefinition,
  validateDefinitionUpdate,
} from '../../../../../src/kubernetes/kinds/apiextensions/validation.ts'

function definition(schema: StructuralSchema, spec: object = {}): JsonObject {
  return {
    metadata: {name: 'widgets.example.com'},
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: {plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList'},
      versions: [{name: 'v1', served: true, storage: true, schema: {openAPIV3Schema: schema}}],
      ...spec,
    },
  }
}

function withField(field: StructuralSchema): StructuralSchema {
  return {type: 'object', properties: {f: field}}
}

function problems(object: JsonObject): string[] {
  return validateDefinition(object).map(({field, message}) => `${field}: ${message}`)
}

const ROOT = 'spec.validation.openAPIV3Schema'

test('a definition that is well is accepted', () => {
  const anything = {'x-kubernetes-preserve-unknown-fields': true}
  expect(problems(definition(withField(anything)))).toEqual([])
  expect(problems(definition(withField({'x-kubernetes-int-or-string': true})))).toEqual([])
})

describe('a schema that is not structural is refused', () => {
  test.each<[what: string, schema: StructuralSchema, problem: string]>([
    ['no type at the root', {}, `${ROOT}.type: Required value: must not be empty at the root`],
    [
      'another type at the root',
      {type: 'string'},
      `${ROOT}.type: Invalid value: "string": must be object at the root`,
    ],
    [
      'a field without a type',
      withField({}),
      `${ROOT}.properties[f].type: Required value: must not be empty for specified object fields`,
    ],
    [
      'items without a type',
      withField({type: 'array', items: {}}),
      `${ROOT}.properties[f].items.type: Required value: must not be empty for specified array items`,
    ],
    [
      'a list without items',
      withField({type: 'array'}),
      `${ROOT}.properties[f].items: Required value: must be specified`,
    ],
    [
      'a list that merges by nothing',
      withField({type: 'array', 'x-kubernetes-list-type': 'map', items: {type: 'object'}}),
      `${ROOT}.properties[f].x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map`,
    ],
    [
      'a key that may be missing',
      withField({
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
        items: {type: 'object', properties: {name: {type: 'string'}}},
      }),
      `${ROOT}.properties[f].items.properties[name].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property`,
    ],
    [
      'a rule that says nothing',
      {type: 'object', 'x-kubernetes-validations': [{rule: ' '}]},
      `${ROOT}.x-kubernetes-validations[0].rule: Required value: rule is not specified`,
    ],
  ])('%s', (_, schema, problem) => {
    expect(problems(definition(schema))).toEqual([problem])
  })

  test('a rule that is no expression', () => {
    const schema = {type: 'object', 'x-kubernetes-validations': [{rule: 'self.a =='}]}
    const [problem] = problems(definition(schema))
    expect(problem).toContain(`${ROOT}.x-kubernetes-validations[0].rule: Invalid value: {"rule":`)
    expect(problem).toContain('compilation failed: ERROR: <input>:1:10: Syntax error:')
  })

  test('at the place of its version where versions differ', () => {
    const version = (name: string, storage: boolean, schema: StructuralSchema): object => ({
      name,
      served: true,
      storage,
      schema: {openAPIV3Schema: schema},
    })
    const versions = [version('v1', true, withField({})), version('v2', false, {type: 'object'})]
    expect(problems(definition({}, {versions}))).toEqual([
      'spec.versions[0].schema.openAPIV3Schema.properties[f].type: Required value: must not be empty for specified object fields',
    ])
  })
})

describe('what objects are stored by does not change', () => {
  const conditions = [{type: 'Established', status: 'True'}]
  const old = {...definition({type: 'object'}), status: {conditions}} as never
  const changes = (spec: object): string[] =>
    validateDefinitionUpdate(definition({type: 'object'}, spec), old).map(({field}) => field)

  test.each<[what: string, spec: object, fields: string[]]>([
    ['nothing', {}, []],
    ['the scope', {scope: 'Cluster'}, ['spec.scope']],
    ['the kind', {names: {kind: 'Gadget'}}, ['spec.names.kind']],
  ])('%s', (_, spec, fields) => {
    expect(changes(spec)).toEqual(fields)
  })

  test('but what nothing can be stored by yet does', () => {
    const waiting = definition({type: 'object'})
    const changed = definition({type: 'object'}, {scope: 'Cluster', names: {kind: 'Gadget'}})
    expect(validateDefinitionUpdate(changed, waiting as never)).toEqual([])
  })

  test('a version that was stored', () => {
    const before = {...definition({type: 'object'}), status: {storedVersions: ['v0', 'v1']}}
    expect(
      validateDefinitionUpdate(definition({type: 'object'}), before as never).map(
        ({field}) => field,
      ),
    ).toEqual(['status.storedVersions[0]'])
  })
})
