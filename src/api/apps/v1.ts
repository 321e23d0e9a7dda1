/** `apps/v1`, `discovery.k8s.io/v1` and `coordination.k8s.io/v1` kinds of the embedded cluster. */
import type {PodTemplateSpec} from '../core/v1.ts'
import type {KubeObject} from '../meta/object.ts'
import {resourceType} from '../meta/resource-type.ts'

/** A label selector. */
export interface LabelSelector {
  matchLabels?: Record<string, string>
  matchExpressions?: {
    key: string
    operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'
    values?: string[]
  }[]
}
/** A condition of a Deployment. */
export interface DeploymentCondition {
  type: string
  status: 'True' | 'False' | 'Unknown'
  reason?: string
  message?: string
  lastUpdateTime?: string
  lastTransitionTime?: string
}
/** `apps/v1` Deployment. */
export interface Deployment extends KubeObject {
  spec: {
    replicas?: number
    selector: LabelSelector
    template: PodTemplateSpec
    strategy?: {
      type?: string
      rollingUpdate?: {maxSurge?: number | string; maxUnavailable?: number | string}
    }
    minReadySeconds?: number
    revisionHistoryLimit?: number
    progressDeadlineSeconds?: number
    paused?: boolean
  }
  status?: {
    observedGeneration?: number
    replicas?: number
    updatedReplicas?: number
    readyReplicas?: number
    availableReplicas?: number
    unavailableReplicas?: number
    collisionCount?: number
    terminatingReplicas?: number
    conditions?: DeploymentCondition[]
  }
}
/** `apps/v1` ReplicaSet. */
export interface ReplicaSet extends KubeObject {
  spec: {
    replicas?: number
    selector: LabelSelector
    template: PodTemplateSpec
    minReadySeconds?: number
  }
  status?: {
    replicas: number
    fullyLabeledReplicas?: number
    readyReplicas?: number
    availableReplicas?: number
    observedGeneration?: number
    conditions?: DeploymentCondition[]
  }
}
/** `discovery.k8s.io/v1` EndpointSlice. */
export interface EndpointSlice extends KubeObject {
  addressType: 'IPv4' | 'IPv6' | 'FQDN'
  endpoints: {
    addresses: string[]
    conditions?: {ready?: boolean; serving?: boolean; terminating?: boolean}
    targetRef?: Record<string, string>
    nodeName?: string
  }[]
  ports?: {name?: string; port?: number; protocol?: string; appProtocol?: string}[]
}
/** `coordination.k8s.io/v1` Lease. */
export interface Lease extends KubeObject {
  spec?: Record<string, unknown>
}

export const DEPLOYMENTS = resourceType<Deployment>('apps/v1', 'Deployment', 'deployments')
export const REPLICA_SETS = resourceType<ReplicaSet>('apps/v1', 'ReplicaSet', 'replicasets')
export const ENDPOINT_SLICES = resourceType<EndpointSlice>(
  'discovery.k8s.io/v1',
  'EndpointSlice',
  'endpointslices',
)
export const LEASES = resourceType<Lease>('coordination.k8s.io/v1', 'Lease', 'leases')
