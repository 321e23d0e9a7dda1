import {scaleSubresource} from '../../apiserver/handlers/scale.ts'
import {type KindDeclaration, statusSubresource} from '../../apiserver/registry/kind.ts'
import {selectable} from '../../apiserver/registry/selectable-fields.ts'
import {replicaSetColumns} from './columns.ts'
import {defaultReplicaSet} from './defaults.ts'
import {
  validateReplicaSet,
  validateReplicaSetStatus,
  validateReplicaSetUpdate,
} from './validation.ts'

/** Counterpart of k8s.io/kubernetes `pkg/registry/apps/replicaset`. */
export const replicaSet: KindDeclaration = {
  groupVersion: 'apps/v1',
  kind: 'ReplicaSet',
  plural: 'replicasets',
  shortNames: ['rs'],
  categories: ['all'],
  subresources: [scaleSubresource, statusSubresource],
  columns: replicaSetColumns,
  selectableFields: [selectable('status.replicas', '0')],
  strategy: {
    hasStatus: true,
    hasGeneration: true,
    applyDefaults: defaultReplicaSet,
    validate: validateReplicaSet,
    validateUpdate: validateReplicaSetUpdate,
    validateStatusUpdate: validateReplicaSetStatus,
  },
}
