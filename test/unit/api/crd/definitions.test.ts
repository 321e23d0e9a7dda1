import {describe, expect, test} from 'vitest'
import {istioDefinitions} from '../../../../src/api/crd/istio-definitions.ts'
import {servingDefinitions} from '../../../../src/api/crd/serving-definitions.ts'
import type {StructuralSchema} from '../../../../src/api/extensions/structural-schema.ts'
import {validateDefinition} from '../../../../src/kubernetes/kinds/apiextensions/validation.ts'
import type {GoType} from '../../../../src/api/go-types/go-type.ts'
import {INTERNAL_KIND_TYPES, UNADMITTED_KIND_TYPES} from '../../../../src/api/go-types/internal.ts'
import {KIND_TYPES} from '../../../../src/api/go-types/serving.ts'
import {STATUS_TYPES} from '../../../../src/api/go-types/status.ts'
import {cloneJson} from '../../../../src/util/json.ts'

const definitions = [...servingDefinitions(), ...istioDefinitions()]

describe.each(definitions)('$metadata.name', (definition) => {
  const [version] = definition.spec.versions
  const schema = version?.schema?.openAPIV3Schema ?? {}

  test('is one that the API server accepts', () => {
    expect(validateDefinition(cloneJson(definition) as never)).toEqual([])
  })

  test('says what each field is for', () => {
    const silent = [...schemasIn(schema, '')]
      .filter(([path, {description}]) => description === undefined && !KNOWN.has(path))
      // Of simple items, the list speaks.
      .filter(([path, {properties}]) => !path.endsWith('[]') || properties !== undefined)
      .map(([path]) => path)
    expect(silent).toEqual([])
  })

  test('knows only objects with named fields, or says that anything goes', () => {
    const vague = [...schemasIn(schema, '')]
      .filter(([path, found]) => found.type === 'object' && !KNOWN.has(path))
      .filter(([, found]) => !found.properties && !found.additionalProperties)
      .filter(([, found]) => found['x-kubernetes-preserve-unknown-fields'] !== true)
      .map(([path]) => path)
    expect(vague).toEqual([])
  })
})

test('nothing is described that no kind has', () => {
  const said = new Set(
    definitions.flatMap(({spec}) =>
      spec.versions.flatMap(({schema}) =>
        [...schemasIn(schema?.openAPIV3Schema ?? {}, '')].map(([, found]) =>
          found.description?.replace(/ Needs .* in config-features\.$/, ''),
        ),
      ),
    ),
  )
  const declared = [KIND_TYPES, INTERNAL_KIND_TYPES, UNADMITTED_KIND_TYPES, STATUS_TYPES]
  const unused = declared
    .flatMap((types) => Object.values(types))
    .flatMap((type) => [...textsIn(type)])
    .filter((text) => !said.has(text))
  expect(unused).toEqual([])
})

/** What a declaration and those inside it say. */
function* textsIn(type: GoType): Generator<string> {
  if (type.kind === 'pointer') yield* textsIn(type.to)
  if (type.kind === 'list' || type.kind === 'map') yield* textsIn(type.of)
  if (type.kind !== 'struct') return
  if (type.description !== undefined) yield type.description
  for (const {field} of type.byJson.values()) {
    if (field.description !== undefined) yield field.description
    yield* textsIn(field.type)
  }
}

/** What every object has, and what the API server describes by itself. */
const KNOWN = new Set(['', '.apiVersion', '.kind', '.metadata', '.status'])

/** A schema and those of its properties, items and values, by their paths. */
function* schemasIn(
  schema: StructuralSchema,
  path: string,
): Generator<[path: string, schema: StructuralSchema]> {
  yield [path, schema]
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    yield* schemasIn(property, `${path}.${name}`)
  }
  for (const inner of [schema.items, schema.additionalProperties]) {
    if (typeof inner === 'object') yield* schemasIn(inner, `${path}[]`)
  }
}
