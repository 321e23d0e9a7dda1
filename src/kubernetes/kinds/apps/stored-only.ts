/** Workloads that are stored, scaled and described, and that nothing runs. */
import {scaleSubresource} from '../../apiserver/handlers/scale.ts'
import {type KindDeclaration, statusSubresource} from '../../apiserver/registry/kind.ts'
import {defaultReplicas} from './defaults.ts'

export const controllerRevision: KindDeclaration = {
  groupVersion: 'apps/v1',
  kind: 'ControllerRevision',
  plural: 'controllerrevisions',
}

export const daemonSet: KindDeclaration = {
  groupVersion: 'apps/v1',
  kind: 'DaemonSet',
  plural: 'daemonsets',
  shortNames: ['ds'],
  categories: ['all'],
  subresources: [statusSubresource],
  strategy: {hasStatus: true, hasGeneration: true},
  withoutEffect: 'it makes no pods; use a Deployment',
}

export const statefulSet: KindDeclaration = {
  groupVersion: 'apps/v1',
  kind: 'StatefulSet',
  plural: 'statefulsets',
  shortNames: ['sts'],
  categories: ['all'],
  subresources: [scaleSubresource, statusSubresource],
  strategy: {hasStatus: true, hasGeneration: true, applyDefaults: defaultReplicas},
  withoutEffect: 'it makes no pods; use a Deployment',
}
