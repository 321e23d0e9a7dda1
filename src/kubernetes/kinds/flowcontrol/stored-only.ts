/** Kinds of fairness between clients, which nothing enforces. */
import {type KindDeclaration, statusSubresource} from '../../apiserver/registry/kind.ts'

export const flowSchema: KindDeclaration = {
  groupVersion: 'flowcontrol.apiserver.k8s.io/v1',
  kind: 'FlowSchema',
  plural: 'flowschemas',
  scope: 'Cluster',
  subresources: [statusSubresource],
  strategy: {hasStatus: true, hasGeneration: true},
}

export const priorityLevelConfiguration: KindDeclaration = {
  groupVersion: 'flowcontrol.apiserver.k8s.io/v1',
  kind: 'PriorityLevelConfiguration',
  plural: 'prioritylevelconfigurations',
  scope: 'Cluster',
  subresources: [statusSubresource],
  strategy: {hasStatus: true, hasGeneration: true},
}
