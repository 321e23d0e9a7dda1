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
} from '../../apiserver/json-value.ts'
import {strategy} from '../../apiserver/registry/base-strategy.ts'
import {renamed} from '../../apiserver/registry/conversion.ts'
import {statusSubresource} from '../../apiserver/registry/kind.ts'
import {selectable} from '../../apiserver/registry/selectable-fields.ts'
import {scaleSubresource} from '../../apiserver/handlers/scale.ts'
import type {
  KindHooks,
  ServedResource,
  ServerContext,
  Subresource,
  Verb,
} from '../../apiserver/request-context.ts'
import {customSchema} from '../../apiserver/schema/object-schema.ts'
import {customColumns} from './printer-columns.ts'
import {isEstablished} from './stored-definitions.ts'
import type {ResourceType} from '../../../api/meta/resource-type.ts'

/** What definitions have to do with of a server. */
export interface DefinitionServer extends Pick<ServerContext, 'storage' | 'clock' | 'registry'> {
  /** What follows from writes of the resources that a definition makes. */
  readonly hooksOf: (type: ResourceType) => KindHooks
}

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
export function serveDefinition(server: DefinitionServer, definition: KubeObject): void {
  server.registry.setCustom(definition.metadata.name, resourcesOf(definition, server.hooksOf))
}

/** Stops serving what a CustomResourceDefinition defined. */
export function withdrawDefinition({registry}: DefinitionServer, definition: KubeObject): void {
  registry.setCustom(definition.metadata.name, [])
}

/** The resources an established CustomResourceDefinition makes: one for each served version. */
function resourcesOf(
  definition: KubeObject,
  hooksOf: DefinitionServer['hooksOf'],
): ServedResource[] {
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
    .map((resource) => ({...resource, hooks: hooksOf(resource.type)}))
}

function resourceOf(
  spec: JsonObject,
  version: JsonObject,
  shared: {names: JsonObject; storageVersion: string; isTerminating: boolean},
): Omit<ServedResource, 'hooks'> {
  const group = stringAt(spec, 'group')
  const name = stringAt(version, 'name')
  const {names, storageVersion, isTerminating} = shared
  const kind = stringAt(names, 'kind')
  const plural = stringAt(names, 'plural')
  const apiVersion = `${group}/${name}`
  const subresources = subresourcesOf(version)
  const selectablePaths = objectsAt(version, 'selectableFields').map(({jsonPath}) =>
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
    selectableFields: new Map(selectablePaths.map((path) => selectable(path))),
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

function subresourcesOf(version: JsonObject): Map<string, Subresource> {
  const declared = objectAt(version, 'subresources')
  const subresources = new Map<string, Subresource>()
  if (declared['status'] !== undefined) {
    subresources.set('status', statusSubresource)
  }
  const scale = declared['scale']
  if (isJsonObject(scale)) {
    subresources.set('scale', {
      ...scaleSubresource,
      paths: {
        spec: stringAt(scale, 'specReplicasPath'),
        status: stringAt(scale, 'statusReplicasPath'),
        selector: stringAt(scale, 'labelSelectorPath'),
      },
    })
  }
  return subresources
}
