/** Our own definitions against those of the releases of Knative Serving 1.13.1 and Istio 1.20. */
import {describe, expect, test} from 'vitest'
import {istioDefinitions} from '../../../src/api/crd/istio-definitions.ts'
import {servingDefinitions} from '../../../src/api/crd/serving-definitions.ts'
import type {CustomResourceDefinition} from '../../../src/api/extensions/v1.ts'
import {isJsonObject} from '../../../src/util/json.ts'
import {genuineObjects} from '../../support/genuine-manifests.ts'
import {needs, RELEASE_FILES} from '../../support/requirements.ts'

/** Without the release manifests there is nothing to compare with. */
describe('definitions are the genuine ones in other words', needs(RELEASE_FILES), () => {
  const serving = genuineDefinitions('serving-crds.yaml')
  const genuine = new Map(
    [...serving, ...genuineDefinitions('istio.yaml')].map((found) => [nameOf(found), found]),
  )

  test('every kind of Knative Serving is there, in the order of the release', () => {
    expect(servingDefinitions().map(nameOf)).toEqual(serving.map(nameOf))
  })

  test.each([...servingDefinitions(), ...istioDefinitions()])('$metadata.name', (own) => {
    expect(withoutDescriptions(own)).toEqual(withoutDescriptions(genuine.get(nameOf(own))))
  })
})

function nameOf(definition: CustomResourceDefinition): string {
  return definition.metadata.name
}

function genuineDefinitions(file: string): CustomResourceDefinition[] {
  if (!RELEASE_FILES.isMet()) return []
  return genuineObjects(file)
    .filter((object) => object.kind === 'CustomResourceDefinition')
    .map((object) => withListKind(object as CustomResourceDefinition))
}

/** The API server fills it in where a release leaves it out. */
function withListKind(definition: CustomResourceDefinition): CustomResourceDefinition {
  const {names} = definition.spec
  return {
    ...definition,
    spec: {...definition.spec, names: {listKind: `${names.kind}List`, ...names}},
  }
}

/** Texts are our own. A property may be called "description" as well: its schema is no text. */
function withoutDescriptions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDescriptions)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, item]) => name !== 'description' || typeof item !== 'string')
      .map(([name, item]) => [name, withoutDescriptions(item)]),
  )
}
