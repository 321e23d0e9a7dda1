/** Kinds of devices, of which there are none here. */
import {type KindDeclaration, statusSubresource} from '../../apiserver/registry/kind.ts'

export const deviceClass: KindDeclaration = {
  groupVersion: 'resource.k8s.io/v1',
  kind: 'DeviceClass',
  plural: 'deviceclasses',
  scope: 'Cluster',
}

export const resourceClaim: KindDeclaration = {
  groupVersion: 'resource.k8s.io/v1',
  kind: 'ResourceClaim',
  plural: 'resourceclaims',
  subresources: [statusSubresource],
  strategy: {hasStatus: true},
}

export const resourceClaimTemplate: KindDeclaration = {
  groupVersion: 'resource.k8s.io/v1',
  kind: 'ResourceClaimTemplate',
  plural: 'resourceclaimtemplates',
}

export const resourceSlice: KindDeclaration = {
  groupVersion: 'resource.k8s.io/v1',
  kind: 'ResourceSlice',
  plural: 'resourceslices',
  scope: 'Cluster',
}
