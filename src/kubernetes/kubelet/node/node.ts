import type {Lease} from '../../../api/apps/v1.ts'
import {formatTime} from '../../../api/condition-set.ts'
import type {Node} from '../../../api/core/v1.ts'

/** What a node says about the machine it stands for. */
export interface NodeFacts {
  readonly name: string
  readonly address: string
  readonly cpus: number
  readonly memoryBytes: number
  /** As Kubernetes names it: `amd64`, `arm64`. */
  readonly architecture: string
  readonly operatingSystem: string
  readonly osImage: string
  readonly kernelVersion: string
  readonly kubeletVersion: string
  readonly containerRuntimeVersion: string
}

const MAX_PODS = 10_000

/** The Node as it is created: names and labels; the status follows. */
export function makeNode(facts: NodeFacts): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: facts.name,
      labels: {
        'kubernetes.io/arch': facts.architecture,
        'kubernetes.io/hostname': facts.name,
        'kubernetes.io/os': facts.operatingSystem,
        'node-role.kubernetes.io/control-plane': '',
      },
    },
    spec: {podCIDR: '10.244.0.0/16', podCIDRs: ['10.244.0.0/16']},
  }
}

/**
 * The status of a node that works.
 *
 * Conditions that were true before keep their transition time.
 */
export function makeNodeStatus(
  facts: NodeFacts,
  before: Node['status'],
  nowMs: number,
): Record<string, unknown> {
  const resources = {
    cpu: String(facts.cpus),
    memory: `${Math.floor(facts.memoryBytes / 1024)}Ki`,
    pods: String(MAX_PODS),
  }
  return {
    addresses: [
      {type: 'InternalIP', address: facts.address},
      {type: 'Hostname', address: facts.name},
    ],
    capacity: resources,
    allocatable: resources,
    conditions: makeConditions(before, nowMs),
    daemonEndpoints: {kubeletEndpoint: {Port: 10250}},
    nodeInfo: {
      architecture: facts.architecture,
      operatingSystem: facts.operatingSystem,
      osImage: facts.osImage,
      kernelVersion: facts.kernelVersion,
      kubeletVersion: facts.kubeletVersion,
      kubeProxyVersion: facts.kubeletVersion,
      containerRuntimeVersion: facts.containerRuntimeVersion,
      bootID: '',
      machineID: '',
      systemUUID: '',
    },
  }
}

const CONDITIONS = [
  [
    'MemoryPressure',
    'False',
    'KubeletHasSufficientMemory',
    'kubelet has sufficient memory available',
  ],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
] as const

function makeConditions(before: Node['status'], nowMs: number): Record<string, unknown>[] {
  const old = (before?.['conditions'] ?? []) as Record<string, unknown>[]
  return CONDITIONS.map(([type, status, reason, message]) => {
    const known = old.find((condition) => condition['type'] === type)
    const kept = known?.['status'] === status ? known['lastTransitionTime'] : undefined
    return {
      type,
      status,
      lastHeartbeatTime: formatTime(nowMs),
      lastTransitionTime: kept ?? formatTime(nowMs),
      reason,
      message,
    }
  })
}

/** Seconds after which a lease that was not renewed says that the node is gone. */
const LEASE_SECONDS = 40

/** The lease by which a node shows that it lives. */
export function makeLease(node: Node, nowMs: number): Lease {
  const {name, uid = ''} = node.metadata
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name,
      namespace: 'kube-node-lease',
      ownerReferences: [{apiVersion: 'v1', kind: 'Node', name, uid}],
    },
    spec: {
      holderIdentity: name,
      leaseDurationSeconds: LEASE_SECONDS,
      renewTime: new Date(nowMs).toISOString().replace('Z', '000Z'),
    },
  }
}
