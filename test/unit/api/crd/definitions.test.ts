import {describe, expect, test} from 'vitest'
import {istioDefinitions} from '../../../../src/api/crd/istio-definitions.ts'
import {servingDefinitions} from '../../../../src/api/crd/serving-definitions.ts'
import {SERVING_RULES} from '../../../../src/api/crd/serving-rules.ts'
import type {StructuralSchema} from '../../../../src/api/extensions/structural-schema.ts'
import {validateDefinition} from '../../../../src/kubernetes/kinds/apiextensions/validation.ts'
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
  const unused = Object.entries(SERVING_RULES.descriptions).flatMap(([struct, fields]) =>
    Object.entries(fields)
      .filter(([, text]) => !said.has(text))
      .map(([field]) => `${struct}.${field}`),
  )
  expect(unused).toEqual([])
})

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
