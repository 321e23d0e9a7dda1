/** Which rights an installation needs, before it finds out by the first refusal. */
import {ISTIO_NAMESPACE, SYSTEM_NAMESPACE} from '../api/config/system-namespace.ts'
import type {KubeObject} from '../api/meta/object.ts'
import {resourceType} from '../api/meta/resource-type.ts'
import type {CustomResourceDefinition} from '../api/extensions/v1.ts'
import type {Client} from '../client/client.ts'
import {forEachLimited} from '../util/for-each-limited.ts'

/** One right: what, on what, where. */
export interface Permission {
  readonly verb: string
  readonly group: string
  readonly resource: string
  /** Absent for resources of the whole cluster, and for a right in all namespaces. */
  readonly namespace?: string
}

interface AccessReview extends KubeObject {
  spec: {resourceAttributes: Permission}
  status?: {allowed: boolean; reason?: string}
}

const ACCESS_REVIEWS = resourceType<AccessReview>(
  'authorization.k8s.io/v1',
  'SelfSubjectAccessReview',
  'selfsubjectaccessreviews',
  'cluster',
)

/** Who may do this may do everything: then nothing else has to be asked. */
const EVERYTHING: Permission = {verb: '*', group: '*', resource: '*'}

/** What the steps do besides applying the objects of a release. */
const BY_STEPS: readonly Permission[] = [
  ...[SYSTEM_NAMESPACE, ISTIO_NAMESPACE].flatMap((namespace) => [
    {verb: 'list', group: 'apps', resource: 'deployments', namespace},
    {verb: 'list', group: '', resource: 'pods', namespace},
    {verb: 'list', group: '', resource: 'events', namespace},
  ]),
  {
    verb: 'list',
    group: 'discovery.k8s.io',
    resource: 'endpointslices',
    namespace: SYSTEM_NAMESPACE,
  },
  {verb: 'list', group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions'},
  {
    verb: 'list',
    group: 'admissionregistration.k8s.io',
    resource: 'mutatingwebhookconfigurations',
  },
  {
    verb: 'list',
    group: 'admissionregistration.k8s.io',
    resource: 'validatingwebhookconfigurations',
  },
  {verb: 'patch', group: '', resource: 'configmaps', namespace: SYSTEM_NAMESPACE},
  {verb: 'create', group: 'serving.knative.dev', resource: 'services', namespace: 'default'},
  {verb: 'delete', group: 'serving.knative.dev', resource: 'services', namespace: 'default'},
]

/** Server-side apply is a patch that creates: it needs both, and `get` to see what was there. */
const APPLY_VERBS = ['get', 'create', 'patch'] as const
/** Without this, nobody may write down rights that he does not have himself. */
const ROLE_VERBS = ['escalate', 'bind'] as const

const RBAC = 'rbac.authorization.k8s.io'
const PLURALS: Readonly<Record<string, string>> = {
  EndpointSlice: 'endpointslices',
  HorizontalPodAutoscaler: 'horizontalpodautoscalers',
  PodDisruptionBudget: 'poddisruptionbudgets',
}
/** Kinds of a release whose objects are in no namespace. */
const CLUSTER_KINDS = new Set([
  'Namespace',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'MutatingWebhookConfiguration',
  'ValidatingWebhookConfiguration',
])

/** The rights that applying `objects` and following them up takes, each once. */
export function neededPermissions(objects: readonly KubeObject[]): Permission[] {
  const definitions = objects.filter(
    (object): object is CustomResourceDefinition => object.kind === 'CustomResourceDefinition',
  )
  const plurals = new Map(definitions.map(({spec}) => [`${spec.group}/${spec.names.kind}`, spec]))
  const all = new Map<string, Permission>()
  const add = (permission: Permission): void =>
    void all.set(describePermission(permission), permission)
  for (const object of objects) {
    const group = object.apiVersion.includes('/') ? (object.apiVersion.split('/')[0] ?? '') : ''
    const custom = plurals.get(`${group}/${object.kind}`)
    const resource = custom?.names.plural ?? pluralOf(object.kind)
    const ofCluster =
      custom === undefined ? CLUSTER_KINDS.has(object.kind) : custom.scope === 'Cluster'
    const where = ofCluster ? {} : {namespace: object.metadata.namespace ?? 'default'}
    for (const verb of APPLY_VERBS) add({verb, group, resource, ...where})
    if (group === RBAC && object.kind.endsWith('Role')) {
      for (const verb of ROLE_VERBS) add({verb, group, resource, ...where})
    }
  }
  for (const permission of BY_STEPS) add(permission)
  return [...all.values()]
}

function pluralOf(kind: string): string {
  return PLURALS[kind] ?? `${kind.toLowerCase().replace(/y$/, 'ie')}s`
}

/** `create clusterroles.rbac.authorization.k8s.io`, `patch configmaps in knative-serving`. */
export function describePermission({verb, group, resource, namespace}: Permission): string {
  const what = group === '' ? resource : `${resource}.${group}`
  return `${verb} ${what}${namespace === undefined ? '' : ` in ${namespace}`}`
}

const CONCURRENCY = 16

/** Those of `needed` that whoever is connected does not have, in their order. */
export async function lackingPermissions(
  client: Client,
  needed: readonly Permission[],
): Promise<Permission[]> {
  if (await isAllowed(client, EVERYTHING)) return []
  const lacking = new Set<Permission>()
  await forEachLimited(needed, CONCURRENCY, async (permission) => {
    if (!(await isAllowed(client, permission))) lacking.add(permission)
  })
  return needed.filter((permission) => lacking.has(permission))
}

async function isAllowed(client: Client, resourceAttributes: Permission): Promise<boolean> {
  const {status} = await client.create(ACCESS_REVIEWS, {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    // Never stored: a review has no name.
    metadata: {} as KubeObject['metadata'],
    spec: {resourceAttributes},
  })
  return status?.allowed ?? false
}
