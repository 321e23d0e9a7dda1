/** Kinds of the core group that are stored, listed and described, and that nothing acts upon. */
import {scaleSubresource} from '../../apiserver/handlers/scale.ts'
import {type KindDeclaration, statusSubresource} from '../../apiserver/registry/kind.ts'
import {selectable} from '../../apiserver/registry/selectable-fields.ts'
import {defaultReplicas} from '../apps/defaults.ts'

export const componentStatus: KindDeclaration = {
  groupVersion: 'v1',
  kind: 'ComponentStatus',
  plural: 'componentstatuses',
  scope: 'Cluster',
  shortNames: ['cs'],
  verbs: ['get', 'list'],
}

export const limitRange: KindDeclaration = {
  groupVersion: 'v1',
  kind: 'LimitRange',
  plural: 'limitranges',
  shortNames: ['limits'],
  strategy: {createsOnUpdate: true},
  withoutEffect: 'it neither limits nor completes what pods ask for',
}

const NO_STORAGE = 'there is no storage to bind; use emptyDir or hostPath volumes'

export const persistentVolumeClaim: KindDeclaration = {
  groupVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  shortNames: ['pvc'],
  subresources: [statusSubresource],
  strategy: {hasStatus: true, returnsDeletedObject: true},
  withoutEffect: NO_STORAGE,
}

export const persistentVolume: KindDeclaration = {
  groupVersion: 'v1',
  kind: 'PersistentVolume',
  plural: 'persistentvolumes',
  scope: 'Cluster',
  shortNames: ['pv'],
  subresources: [statusSubresource],
  strategy: {hasStatus: true, returnsDeletedObject: true},
  withoutEffect: NO_STORAGE,
}

export const podTemplate: KindDeclaration = {
  groupVersion: 'v1',
  kind: 'PodTemplate',
  plural: 'podtemplates',
  strategy: {returnsDeletedObject: true},
}

export const replicationController: KindDeclaration = {
  groupVersion: 'v1',
  kind: 'ReplicationController',
  plural: 'replicationcontrollers',
  shortNames: ['rc'],
  categories: ['all'],
  subresources: [scaleSubresource, statusSubresource],
  selectableFields: [selectable('status.replicas', '0')],
  strategy: {
    hasStatus: true,
    hasGeneration: true,
    applyDefaults: defaultReplicas,
    defaultPropagation: 'Orphan',
  },
  withoutEffect: 'it makes no pods; use a Deployment',
}

export const resourceQuota: KindDeclaration = {
  groupVersion: 'v1',
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  shortNames: ['quota'],
  subresources: [statusSubresource],
  strategy: {hasStatus: true, returnsDeletedObject: true},
  withoutEffect: 'nothing is counted against it',
}
