/** What is installed on a cluster, by the note of kntool and by the objects themselves. */
import {DEPLOYMENTS} from '../api/apps/v1.ts'
import {SYSTEM_NAMESPACE} from '../api/config/system-namespace.ts'
import {NAMESPACES} from '../api/core/v1.ts'
import {CUSTOM_RESOURCE_DEFINITIONS} from '../api/extensions/v1.ts'
import type {KubeObject} from '../api/meta/object.ts'
import type {Client} from '../client/client.ts'
import {KntoolError} from '../errors/kntool-error.ts'
import {type InstallState, readState} from './state.ts'
import {compareVersions, parseVersion} from './versions.ts'
import {VERSION_LABEL} from '../api/meta/well-known.ts'

const COMPONENTS = new Set(['activator', 'autoscaler', 'controller', 'webhook'])

/** An installation of Knative. */
export interface Installed {
  /** Undefined where something else than kntool installed it. */
  readonly state: InstallState | undefined
  /** `1.13.1`; that of the oldest component where they differ, undefined where nothing tells. */
  readonly knativeVersion: string | undefined
  /** Whether the Knative Operator keeps it as it is. */
  readonly byOperator: boolean
}

/** Finds the installation; undefined where there is none. */
export async function findInstalled(client: Client): Promise<Installed | undefined> {
  const [state, namespace, crd, operator, deployments] = await Promise.all([
    readState(client),
    client.find(NAMESPACES, {name: SYSTEM_NAMESPACE}),
    client.find(CUSTOM_RESOURCE_DEFINITIONS, {name: 'services.serving.knative.dev'}),
    client.find(CUSTOM_RESOURCE_DEFINITIONS, {name: 'knativeservings.operator.knative.dev'}),
    client.list(DEPLOYMENTS, {namespace: SYSTEM_NAMESPACE}),
  ])
  if (namespace === undefined && crd === undefined) return undefined
  const components = deployments.items.filter(({metadata}) => COMPONENTS.has(metadata.name))
  const known = [state?.knativeVersion, oldest(components), versionOf(namespace), versionOf(crd)]
  return {
    state,
    byOperator: operator !== undefined,
    knativeVersion: known.find((text) => text !== undefined && parseVersion(text) !== undefined),
  }
}

/** Throws `KN_CONFLICT` where the Knative Operator would undo every change. */
export function requireNoOperator({byOperator}: Installed, cluster: string): void {
  if (!byOperator) return
  throw new KntoolError(
    'KN_CONFLICT',
    `Knative on ${cluster} is managed by the Knative Operator, which would undo every change.`,
    {hint: 'kubectl get knativeservings -A'},
  )
}

function oldest(objects: readonly KubeObject[]): string | undefined {
  const versions = objects.map(versionOf).filter((text) => text !== undefined)
  const parsed = versions.flatMap((text) => {
    const version = parseVersion(text)
    return version === undefined ? [] : [{text, version}]
  })
  return parsed.toSorted((left, right) => compareVersions(left.version, right.version))[0]?.text
}

function versionOf(object: KubeObject | undefined): string | undefined {
  return object?.metadata.labels?.[VERSION_LABEL]
}
