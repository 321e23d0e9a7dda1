/** Kinds of storage, of which there is none here. */
import {type KindDeclaration, statusSubresource} from '../../apiserver/registry/kind.ts'

export const csiDriver: KindDeclaration = {
  groupVersion: 'storage.k8s.io/v1',
  kind: 'CSIDriver',
  plural: 'csidrivers',
  scope: 'Cluster',
}

export const csiNode: KindDeclaration = {
  groupVersion: 'storage.k8s.io/v1',
  kind: 'CSINode',
  plural: 'csinodes',
  scope: 'Cluster',
}

export const csiStorageCapacity: KindDeclaration = {
  groupVersion: 'storage.k8s.io/v1',
  kind: 'CSIStorageCapacity',
  plural: 'csistoragecapacities',
}

export const storageClass: KindDeclaration = {
  groupVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  plural: 'storageclasses',
  scope: 'Cluster',
  shortNames: ['sc'],
  strategy: {returnsDeletedObject: true},
}

export const volumeAttachment: KindDeclaration = {
  groupVersion: 'storage.k8s.io/v1',
  kind: 'VolumeAttachment',
  plural: 'volumeattachments',
  scope: 'Cluster',
  subresources: [statusSubresource],
  strategy: {hasStatus: true},
}

export const volumeAttributesClass: KindDeclaration = {
  groupVersion: 'storage.k8s.io/v1',
  kind: 'VolumeAttributesClass',
  plural: 'volumeattributesclasses',
  scope: 'Cluster',
  shortNames: ['vac'],
}
