import type {StructuralSchema} from '../../../api/extensions/structural-schema.ts'
import type {KubeObject} from '../../../api/meta/object.ts'
import {
  asJson,
  isJsonObject,
  objectAt,
  objectsAt,
  stringAt,
  stringsAt,
  type JsonObject,
} from '../json-value.ts'
import {strategy} from '../registry/base-strategy.ts'
import {renamed} from '../registry/conversions.ts'
import type {Registry} from '../registry/registry.ts'
import {fieldReader} from '../registry/selectable-fields.ts'
import type {ServedResource, Subresource, Verb} from '../registry/served-resource.ts'
import {customSchema} from '../schema/object-schema.ts'
import {customColumns} from './printer-columns.ts'

/** Where CustomResourceDefinitions are stored. */
export const DEFINITIONS_PREFIX = '/apiextensions.k8s.io/customresourcedefinitions/'

/** Verbs of custom resources, in the order discovery shows them. */
const VERBS: readonly Verb[] = [
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'create',
  'update',
  'watch',
]

/** Serves what a stored CustomResourceDefinition defines, in the place of what it defined before. */
export function serveDefinition(registry: Registry, definition: KubeObject): void {
  registry.setCustom(definition.metadata.name, resourcesOf(definition))
}

/** Stops serving what a CustomResourceDefinition defined. */
export function withdrawDefinition(registry: Registry, definition: KubeObject): void {
  registry.setCustom(definition.metadata.name, [])
}

/** Whether the kind of a definition is served: its names have been accepted once. */
export function isEstablished(definition: JsonObject): boolean {
  return objectsAt(objectAt(definition, 'status'), 'conditions').some(
    ({type, status}) => type === 'Established' && status === 'True',
  )
}

/** The resources an established CustomResourceDefinition makes: one for each served version. */
function resourcesOf(definition: KubeObject): ServedResource[] {
  if (!isEstablished(asJson(definition))) return []
  const spec = objectAt(asJson(definition), 'spec')
  const versions = objectsAt(spec, 'versions')
  const storage = versions.find((version) => version['storage'] === true) ?? versions[0]
  if (storage === undefined) return []
  const shared = {
    names: objectAt(objectAt(asJson(definition), 'status'), 'acceptedNames'),
    storageVersion: stringAt(storage, 'name'),
    isTerminating: definition.metadata.deletionTimestamp !== undefined,
  }
  return versions
    .filter((version) => version['served'] === true)
    .map((version) => resourceOf(spec, version, shared))
}

function resourceOf(
  spec: JsonObject,
  version: JsonObject,
  shared: {names: JsonObject; storageVersion: string; isTerminating: boolean},
): ServedResource {
  const group = stringAt(spec, 'group')
  const name = stringAt(version, 'name')
  const {names, storageVersion, isTerminating} = shared
  const kind = stringAt(names, 'kind')
  const plural = stringAt(names, 'plural')
  const apiVersion = `${group}/${name}`
  const subresources = subresourcesOf(version)
  const selectable = objectsAt(version, 'selectableFields').map(({jsonPath}) =>
    String(jsonPath).replace(/^\./, ''),
  )
  return {
    type: {group, version: name, kind, plural, namespaced: spec['scope'] === 'Namespaced'},
    apiVersion,
    listKind: stringAt(names, 'listKind') || `${kind}List`,
    singular: stringAt(names, 'singular') || kind.toLowerCase(),
    shortNames: stringsAt(names, 'shortNames'),
    categories: stringsAt(names, 'categories'),
    verbs: VERBS,
    subresources,
    schema: customSchema(schemaOf(spec, version), {kind, version: name}),
    strategy: strategy({
      metadataKeptByStatus: undefined,
      hasStatus: subresources.has('status'),
      hasGeneration: true,
      allowsUnconditionalUpdate: false,
    }),
    columns: customColumns(version),
    isCustom: true,
    isTerminating,
    storagePrefix: `/${group}/${plural}/`,
    selectableFields: new Map(selectable.map((path) => [path, fieldReader(path)])),
    ...(name !== storageVersion && {
      conversion: renamed(apiVersion, `${group}/${storageVersion}`),
    }),
    storageVersion: `${group}/${storageVersion}/${kind}`,
  }
}

/** The structural schema of a version; anything goes where there is none. */
function schemaOf(spec: JsonObject, version: JsonObject): StructuralSchema {
  const schema = objectAt(version, 'schema')['openAPIV3Schema']
  const structural: StructuralSchema = isJsonObject(schema)
    ? schema
    : {type: 'object', 'x-kubernetes-preserve-unknown-fields': true}
  return spec['preserveUnknownFields'] === true
    ? {...structural, 'x-kubernetes-preserve-unknown-fields': true}
    : structural
}

const READ_WRITE: readonly Verb[] = ['get', 'patch', 'update']

function subresourcesOf(version: JsonObject): Map<string, Subresource> {
  const declared = objectAt(version, 'subresources')
  const subresources = new Map<string, Subresource>()
  if (declared['status'] !== undefined) {
    subresources.set('status', {name: 'status', verbs: READ_WRITE})
  }
  const scale = declared['scale']
  if (isJsonObject(scale)) {
    subresources.set('scale', {
      name: 'scale',
      verbs: READ_WRITE,
      kind: {group: 'autoscaling', version: 'v1', kind: 'Scale'},
      paths: {
        spec: stringAt(scale, 'specReplicasPath'),
        status: stringAt(scale, 'statusReplicasPath'),
        selector: stringAt(scale, 'labelSelectorPath'),
      },
    })
  }
  return subresources
}
