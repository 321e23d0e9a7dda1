/** The kinds of the core group this project reads or writes, as far as it does. */
import type {ValueOf} from '../go-types/declare.ts'
import type {
  CONTAINER,
  CONTAINER_PORT,
  ENV_VAR,
  LIFECYCLE_HANDLER,
  PROBE,
  PROBE_HANDLER,
  SECURITY_CONTEXT,
} from '../go-types/core-container.ts'
import type {POD_SECURITY_CONTEXT, POD_SPEC} from '../go-types/core-pod.ts'
import type {KubeObject, ObjectMeta} from '../meta/object.ts'
import {resourceType} from '../meta/resource-type.ts'

/** `v1` Namespace. */
export interface Namespace extends KubeObject {
  spec?: {finalizers?: string[]}
  status?: {phase?: 'Active' | 'Terminating'; conditions?: Record<string, unknown>[]}
}
/** `v1` ConfigMap. */
export interface ConfigMap extends KubeObject {
  data?: Record<string, string>
  binaryData?: Record<string, string>
  immutable?: boolean
}
/** `v1` Secret. */
export interface Secret extends KubeObject {
  type?: string
  data?: Record<string, string>
  stringData?: Record<string, string>
  immutable?: boolean
}
/** `v1` ServiceAccount. */
export interface ServiceAccount extends KubeObject {
  imagePullSecrets?: {name: string}[]
  secrets?: {name: string}[]
}
/** A port of a core Service. */
export interface ServicePort {
  name?: string
  protocol?: string
  appProtocol?: string
  port: number
  targetPort?: number | string
  nodePort?: number
}
/** `v1` Service. `Service` alone is always Knative's. */
export interface CoreService extends KubeObject {
  spec: {
    type?: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName'
    clusterIP?: string
    clusterIPs?: string[]
    externalName?: string
    ports?: ServicePort[]
    selector?: Record<string, string>
    sessionAffinity?: string
    internalTrafficPolicy?: string
    externalTrafficPolicy?: string
    ipFamilies?: string[]
    ipFamilyPolicy?: string
    loadBalancerClass?: string
    loadBalancerSourceRanges?: string[]
    allocateLoadBalancerNodePorts?: boolean
    publishNotReadyAddresses?: boolean
  }
  status?: {loadBalancer?: {ingress?: {ip?: string; hostname?: string; ipMode?: string}[]}}
}
/** A reference to an object. */
export interface ObjectReference {
  apiVersion?: string
  kind?: string
  name?: string
  namespace?: string
  uid?: string
  resourceVersion?: string
  fieldPath?: string
}
/** An address of an Endpoints subset. */
export interface EndpointAddress {
  ip: string
  nodeName?: string
  hostname?: string
  targetRef?: ObjectReference
}
/** Addresses that share ports. */
export interface EndpointSubset {
  addresses?: EndpointAddress[]
  notReadyAddresses?: EndpointAddress[]
  ports?: {name?: string; port: number; protocol?: string; appProtocol?: string}[]
}
/** `v1` Endpoints. */
export interface Endpoints extends KubeObject {
  subsets?: EndpointSubset[]
}
/** `v1` Event. */
export interface Event extends KubeObject {
  involvedObject: ObjectReference
  reason?: string
  message?: string
  type?: 'Normal' | 'Warning'
  count?: number
  firstTimestamp?: string | null
  lastTimestamp?: string | null
  eventTime?: string | null
  source?: {component?: string; host?: string}
  reportingComponent?: string
  reportingInstance?: string
}
/** A variable of a container's environment. */
export interface EnvVar extends ValueOf<typeof ENV_VAR> {}
/** A probe's way of asking. */
export interface ProbeHandler extends ValueOf<typeof PROBE_HANDLER> {}
/** What a container does at its start or before its end. */
export interface LifecycleHandler extends ValueOf<typeof LIFECYCLE_HANDLER> {
  /** Newer than the types that Knative decodes with. */
  sleep?: {seconds: number}
}
/** `v1` Probe. */
export interface Probe extends ValueOf<typeof PROBE> {}
/** A port of a container. */
export interface ContainerPort extends ValueOf<typeof CONTAINER_PORT> {}
/** `v1` Container. */
export interface Container extends Omit<ValueOf<typeof CONTAINER>, 'lifecycle'> {
  lifecycle?: {preStop?: LifecycleHandler; postStart?: LifecycleHandler}
}
/** `v1` SecurityContext and PodSecurityContext. */
export interface SecurityContext
  extends ValueOf<typeof SECURITY_CONTEXT>, ValueOf<typeof POD_SECURITY_CONTEXT> {}
/** `v1` PodSpec. */
export interface PodSpec extends Omit<ValueOf<typeof POD_SPEC>, 'containers' | 'initContainers'> {
  containers: Container[]
  initContainers?: Container[]
}
/** What a container is doing. */
export interface ContainerState {
  waiting?: {reason?: string; message?: string}
  running?: {startedAt?: string}
  terminated?: {
    exitCode: number
    reason?: string
    message?: string
    signal?: number
    startedAt?: string
    finishedAt?: string
    containerID?: string
  }
}
/** Status of one container of a pod. */
export interface ContainerStatus {
  name: string
  image: string
  imageID: string
  containerID?: string
  ready: boolean
  started?: boolean
  restartCount: number
  state?: ContainerState
  lastState?: ContainerState
}
/** A pod's condition. */
export interface PodCondition {
  type: string
  status: 'True' | 'False' | 'Unknown'
  reason?: string
  message?: string
  lastProbeTime?: string | null
  lastTransitionTime?: string
  observedGeneration?: number
}
/** `v1` Pod. */
export interface Pod extends KubeObject {
  spec: PodSpec
  status?: {
    phase?: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown'
    conditions?: PodCondition[]
    containerStatuses?: ContainerStatus[]
    initContainerStatuses?: ContainerStatus[]
    podIP?: string
    podIPs?: {ip: string}[]
    hostIP?: string
    hostIPs?: {ip: string}[]
    startTime?: string
    qosClass?: string
    reason?: string
    message?: string
    observedGeneration?: number
  }
}
/** The template of pods. */
export interface PodTemplateSpec {
  metadata?: Partial<ObjectMeta>
  spec: PodSpec
}
/** `v1` Node. */
export interface Node extends KubeObject {
  spec?: Record<string, unknown>
  status?: Record<string, unknown>
}

export const NAMESPACES = resourceType<Namespace>('v1', 'Namespace', 'namespaces', 'cluster')
export const CONFIG_MAPS = resourceType<ConfigMap>('v1', 'ConfigMap', 'configmaps')
export const SECRETS = resourceType<Secret>('v1', 'Secret', 'secrets')
export const SERVICE_ACCOUNTS = resourceType<ServiceAccount>(
  'v1',
  'ServiceAccount',
  'serviceaccounts',
)
export const CORE_SERVICES = resourceType<CoreService>('v1', 'Service', 'services')
export const ENDPOINTS = resourceType<Endpoints>('v1', 'Endpoints', 'endpoints')
export const EVENTS = resourceType<Event>('v1', 'Event', 'events')
export const PODS = resourceType<Pod>('v1', 'Pod', 'pods')
export const NODES = resourceType<Node>('v1', 'Node', 'nodes', 'cluster')
