/** `apiextensions.k8s.io/v1`. */
import type {KubeObject} from '../meta/object.ts'
import {resourceType} from '../meta/resource-type.ts'
import type {StructuralSchema} from './structural-schema.ts'

/** One version of a custom resource. */
export interface CustomResourceDefinitionVersion {
  name: string
  served: boolean
  storage: boolean
  deprecated?: boolean
  schema?: {openAPIV3Schema?: StructuralSchema}
  subresources?: {
    status?: Record<string, never>
    scale?: {specReplicasPath: string; statusReplicasPath: string; labelSelectorPath?: string}
  }
  additionalPrinterColumns?: {
    name: string
    type: string
    jsonPath: string
    priority?: number
    format?: string
    description?: string
  }[]
}
/** CustomResourceDefinition. */
export interface CustomResourceDefinition extends KubeObject {
  spec: {
    group: string
    scope: 'Namespaced' | 'Cluster'
    names: {
      kind: string
      plural: string
      singular?: string
      listKind?: string
      shortNames?: string[]
      categories?: string[]
    }
    versions: CustomResourceDefinitionVersion[]
    conversion?: Record<string, unknown>
    preserveUnknownFields?: boolean
  }
  status?: Record<string, unknown>
}

export const CUSTOM_RESOURCE_DEFINITIONS = resourceType<CustomResourceDefinition>(
  'apiextensions.k8s.io/v1',
  'CustomResourceDefinition',
  'customresourcedefinitions',
  'cluster',
)
