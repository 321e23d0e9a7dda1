/** Whether the cluster itself can carry what is installed. */
import {SYSTEM_NAMESPACE} from '../../api/config/system-namespace.ts'
import type {CoreService, Namespace, Node, Pod} from '../../api/core/v1.ts'
import {
  judgeVersions,
  knativeRelease,
  minorOf,
  parseVersion,
  type Version,
} from '../../install/versions.ts'
import {GATEWAY} from '../../install/gateway/gateway-service.ts'
import {type Check, defineCheck, failed, ok, skipped, type Verdict, warned} from '../check.ts'
import {freeCapacity, missingCapacity} from '../capacity.ts'
import {installedVersions, releaseToInstall} from '../installed-versions.ts'

const NAMESPACES = [SYSTEM_NAMESPACE, GATEWAY.namespace]

interface Versions {
  readonly kubernetes: Version | undefined
  readonly text: string
  readonly knative?: string
  readonly istio?: string
}

/** Whether Knative and Istio run on this Kubernetes. */
export function judgeKubernetes({kubernetes, text, knative, istio}: Versions): Verdict {
  if (kubernetes === undefined) {
    return warned({message: `The version of the cluster, "${text}", is not understood.`})
  }
  const version = parseVersion(knative ?? '')
  if (version === undefined) return skipped('the version of Knative is unknown')
  const release = knativeRelease(version)
  if (release === undefined) {
    return warned({message: `Nothing is known here about Knative ${minorOf(version)}.`})
  }
  const beside = parseVersion(istio ?? release.istio)
  if (beside === undefined) return skipped('the version of Istio is unknown')
  const {result, message} = judgeVersions(kubernetes, release, beside)
  switch (result) {
    case 'fine':
      return ok(message)
    case 'untested':
      return warned({message})
    case 'impossible':
      return failed({
        message,
        hint: 'Upgrade the cluster, or install an older Knative: --knative-version',
        command: 'kubectl version',
      })
  }
}

interface Terminating {
  readonly namespaces: readonly Namespace[]
  readonly gateway: CoreService | undefined
}

/** What is on its way out and does not go. */
export function judgeTerminating({namespaces, gateway}: Terminating): Verdict {
  const {deletionTimestamp, finalizers = []} = gateway?.metadata ?? {}
  if (deletionTimestamp !== undefined) {
    return failed({
      message: `The Service ${GATEWAY.namespace}/${GATEWAY.name} is being deleted, held by ${finalizers.join(', ') || 'nobody'}.`,
      hint: 'It goes once whoever holds it has deleted the load balancer: that controller has to run.',
      command: 'kubectl get pods -A -l app.kubernetes.io/name=aws-load-balancer-controller',
    })
  }
  const stuck = namespaces.find(
    ({metadata}) => NAMESPACES.includes(metadata.name) && metadata.deletionTimestamp !== undefined,
  )
  if (stuck === undefined) return ok()
  const {name} = stuck.metadata
  const held = (stuck.status?.conditions ?? [])
    .filter(({status, type}) => status === 'True' && String(type).includes('Remaining'))
    .map(({message}) => String(message))
  return failed({
    message: `The namespace ${name} is being deleted; nothing can be created in it.`,
    evidence: held,
    hint: 'It goes once what is in it has gone: whoever holds it by a finalizer has to run.',
    command: `kubectl get namespace ${name} -o jsonpath='{.status.conditions}'`,
  })
}

interface Capacity {
  readonly nodes: readonly Node[]
  readonly pods: readonly Pod[]
}

/** Whether the pods of Istio and Knative find a place. */
export function judgeCapacity({nodes, pods}: Capacity): Verdict {
  if (nodes.length === 0) return skipped('the cluster tells of no nodes')
  const free = freeCapacity(nodes, pods)
  const missing = missingCapacity(free, pods)
  if (missing === undefined) return ok(`${free.cpu.toFixed(1)} CPU free on ${free.nodes} nodes`)
  return warned({
    message: `${missing}: pods will stay Pending.`,
    hint: 'Add nodes, or larger ones; a cluster that grows by itself will do so.',
    command: 'kubectl describe nodes',
  })
}

export const CLUSTER_CHECKS: readonly Check[] = [
  defineCheck({
    id: 'kubernetes-version',
    category: 'cluster',
    title: 'Kubernetes suits Knative and Istio',
    reads: ['/version', 'deployments.apps'],
    beforeInstall: true,
    needs: ['real-cluster'],
    read: async (patient): Promise<Versions> => ({
      kubernetes: patient.cluster.version,
      text: patient.cluster.versionText,
      ...(patient.manifests === undefined
        ? installedVersions(await patient.readings.deployments())
        : await releaseToInstall(patient.manifests)),
    }),
    judge: judgeKubernetes,
  }),
  defineCheck({
    id: 'deletions',
    category: 'cluster',
    title: 'Nothing of Knative or Istio is being deleted',
    reads: ['namespaces', 'services'],
    beforeInstall: true,
    read: async ({readings}): Promise<Terminating> => ({
      namespaces: await readings.namespaces(),
      gateway: await readings.gateway(),
    }),
    judge: judgeTerminating,
  }),
  defineCheck({
    id: 'capacity',
    category: 'cluster',
    title: 'The nodes have room',
    reads: ['nodes', 'pods'],
    beforeInstall: true,
    needs: ['real-cluster'],
    read: async ({readings}): Promise<Capacity> => ({
      nodes: await readings.nodes(),
      pods: await readings.pods(),
    }),
    judge: judgeCapacity,
  }),
]
