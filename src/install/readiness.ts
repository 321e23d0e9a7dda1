import {DEPLOYMENTS, type Deployment} from '../api/apps/v1.ts'
import {ENDPOINTS} from '../api/core/v1.ts'
import {CUSTOM_RESOURCE_DEFINITIONS} from '../api/extensions/v1.ts'
import type {KubeObject} from '../api/meta/object.ts'
import type {InstallContext} from './step.ts'
import {type Poll, waitUntil} from './wait-until.ts'

/** Waits until the API serves every CRD among `objects`. */
export async function waitForCrds(
  context: InstallContext,
  objects: readonly KubeObject[],
): Promise<void> {
  const names = objects
    .filter((object) => object.kind === 'CustomResourceDefinition')
    .map((object) => object.metadata.name)
  await waitUntil(
    context,
    async () => {
      for (const name of names) {
        const crd = await context.client.find(CUSTOM_RESOURCE_DEFINITIONS, {name})
        if (crd === undefined || !isEstablished(crd.status)) {
          return {done: false, waitingFor: `the CRD ${name} to be established`}
        }
      }
      return {done: true}
    },
    'Look at its conditions: kubectl describe crd',
  )
}

/** Waits until every Deployment among `objects` has its replicas available. */
export async function waitForDeployments(
  context: InstallContext,
  objects: readonly KubeObject[],
): Promise<void> {
  const wanted = objects.filter((object) => object.kind === 'Deployment')
  await waitUntil(
    context,
    async () => {
      for (const {metadata} of wanted) {
        const state = rolloutState(await context.client.find(DEPLOYMENTS, metadata), metadata.name)
        if (!state.done) return state
      }
      return {done: true}
    },
    `Look at the pods: kubectl get pods -n ${wanted[0]?.metadata.namespace ?? 'knative-serving'}`,
  )
}

/** Waits until a Service has a ready address behind it: "the pod runs" is not enough for a webhook. */
export async function waitForEndpoints(
  context: InstallContext,
  namespace: string,
  name: string,
): Promise<void> {
  await waitUntil(
    context,
    async () => {
      const endpoints = await context.client.find(ENDPOINTS, {namespace, name})
      const ready = endpoints?.subsets?.some((subset) => (subset.addresses ?? []).length > 0)
      return ready
        ? {done: true}
        : {done: false, waitingFor: `a ready address behind the Service ${namespace}/${name}`}
    },
    `Look at its pods: kubectl get pods,endpoints -n ${namespace}`,
  )
}

/** Whether a Deployment has rolled out what its spec asks for. */
export function rolloutState(deployment: Deployment | undefined, name: string): Poll {
  const wanted = deployment?.spec.replicas ?? 1
  const status = deployment?.status
  const done =
    deployment !== undefined &&
    status?.observedGeneration === deployment.metadata.generation &&
    (status?.updatedReplicas ?? 0) >= wanted &&
    (status?.availableReplicas ?? 0) >= wanted
  return done
    ? {done: true}
    : {
        done: false,
        waitingFor: `the Deployment ${name} (${status?.availableReplicas ?? 0} of ${wanted} available)`,
      }
}

function isEstablished(status: Record<string, unknown> | undefined): boolean {
  const conditions = status?.['conditions'] as {type: string; status: string}[] | undefined
  return (
    conditions?.some(({type, status: value}) => type === 'Established' && value === 'True') ?? false
  )
}
