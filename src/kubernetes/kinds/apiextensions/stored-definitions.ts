import {objectAt, objectsAt, type JsonObject} from '../../apiserver/json-value.ts'

/** Where CustomResourceDefinitions are stored. */
export const DEFINITIONS_PREFIX = '/apiextensions.k8s.io/customresourcedefinitions/'

/** Whether the kind of a definition is served: its names have been accepted once. */
export function isEstablished(definition: JsonObject): boolean {
  return objectsAt(objectAt(definition, 'status'), 'conditions').some(
    ({type, status}) => type === 'Established' && status === 'True',
  )
}
