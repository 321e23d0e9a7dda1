import {objectAt, type JsonObject} from '../../apiserver/json-value.ts'
import type {KindDeclaration} from '../../apiserver/registry/kind.ts'
import {ageColumn, column, nameColumn} from '../../apiserver/table/columns.ts'
import {validateConfigMap, validateConfigMapUpdate} from './config-data.ts'

/** Counterpart of k8s.io/kubernetes `pkg/registry/core/configmap`. */
export const configMap: KindDeclaration = {
  groupVersion: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  shortNames: ['cm'],
  columns: [nameColumn, column('Data', keyCount), ageColumn],
  strategy: {validate: validateConfigMap, validateUpdate: validateConfigMapUpdate},
}

function keyCount(object: JsonObject): number {
  return ['data', 'binaryData'].reduce(
    (sum, field) => sum + Object.keys(objectAt(object, field)).length,
    0,
  )
}
