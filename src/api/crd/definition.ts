import type {CustomResourceDefinition} from '../extensions/v1.ts'
import {CUSTOM_RESOURCE_DEFINITIONS} from '../extensions/v1.ts'
import type {StructuralSchema} from '../extensions/structural-schema.ts'
import {apiVersionOf, type ResourceType} from '../meta/resource-type.ts'

type Version = CustomResourceDefinition['spec']['versions'][number]
/** A column that `kubectl get` shows. */
export type PrinterColumn = NonNullable<Version['additionalPrinterColumns']>[number]

/** What makes a kind. */
export interface KindDefinition {
  readonly type: ResourceType
  /** All versions; the first one is stored. Only the version of the type where this is missing. */
  readonly versions?: readonly string[]
  readonly shortNames?: readonly string[]
  readonly categories: readonly string[]
  readonly columns?: readonly PrinterColumn[]
  readonly labels: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  /** Of a whole object. */
  readonly schema: StructuralSchema
}

/** A column with the value at a JSONPath; `name` may say more than the field is called. */
export function column(
  name: string,
  jsonPath: string,
  type: PrinterColumn['type'] = 'string',
): PrinterColumn {
  return {name, type, jsonPath}
}

/** The CustomResourceDefinition of a kind. All versions have one schema and a status subresource. */
export function definitionOf(kind: KindDefinition): CustomResourceDefinition {
  const {type, versions = [type.version], shortNames, categories, columns, labels} = kind
  return {
    apiVersion: apiVersionOf(CUSTOM_RESOURCE_DEFINITIONS),
    kind: CUSTOM_RESOURCE_DEFINITIONS.kind,
    metadata: {
      name: `${type.plural}.${type.group}`,
      labels: {...labels},
      ...(kind.annotations !== undefined && {annotations: {...kind.annotations}}),
    },
    spec: {
      group: type.group,
      scope: type.namespaced ? 'Namespaced' : 'Cluster',
      names: {
        kind: type.kind,
        listKind: `${type.kind}List`,
        plural: type.plural,
        singular: type.kind.toLowerCase(),
        categories: [...categories],
        ...(shortNames !== undefined && {shortNames: [...shortNames]}),
      },
      versions: versions.map((name, index) => ({
        name,
        served: true,
        storage: index === 0,
        schema: {openAPIV3Schema: kind.schema},
        subresources: {status: {}},
        ...(columns !== undefined && {additionalPrinterColumns: [...columns]}),
      })),
    },
  }
}
