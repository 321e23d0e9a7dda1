import {CONFIG_DOMAIN} from '../api/config/system-namespace.ts'
import {CONFIG_MAPS, CORE_SERVICES, NAMESPACES} from '../api/core/v1.ts'
import type {KubeObject} from '../api/meta/object.ts'
import {applyObjects} from '../client/apply-objects.ts'
import type {Client} from '../client/client.ts'
import {RestMapper} from '../client/rest-mapper.ts'
import {isUntouched} from './untouched.ts'
import {embeddedManifests, MANIFEST_FILES, splitCrds} from '../install/manifests.ts'
import {defaultDomains, domainPatch, EMBEDDED_DOMAIN} from '../install/config/domains.ts'

const SYSTEM_NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease']
/**
 * The manager that `kubectl apply --server-side` writes as. What a cluster begins with stands as if
 * somebody had applied it by hand, so that the files of a release can be applied over it.
 */
const FIELD_MANAGER = 'kubectl'

/**
 * Brings what every cluster has: the namespaces, and Knative with its components.
 *
 * What an earlier version of this program created, and nobody changed since, is brought up to date;
 * all else that is there is left as it is: a user's settings survive a restart.
 */
export async function bootstrapCluster(client: Client, domain: string | undefined): Promise<void> {
  await Promise.all(SYSTEM_NAMESPACES.map((name) => ensureNamespace(client, name)))
  await ensureKubernetesService(client)
  const mapper = new RestMapper(client)
  const source = embeddedManifests()
  const files = await Promise.all(MANIFEST_FILES.map((file) => source.load(file)))
  const {crds, rest} = splitCrds(files.flat())
  const options = {
    client,
    mapper,
    fieldManager: FIELD_MANAGER,
    mode: 'create-missing',
    mayReplace: (stored: KubeObject) => isUntouched(stored, FIELD_MANAGER),
  } as const
  await applyObjects(crds, options)
  await applyObjects(rest, options)
  await ensureDefaultDomain(client, domain)
}

async function ensureNamespace(client: Client, name: string): Promise<void> {
  if ((await client.find(NAMESPACES, {name})) !== undefined) return
  await client.create(NAMESPACES, {apiVersion: 'v1', kind: 'Namespace', metadata: {name}})
}

/**
 * The name under which a program inside a cluster reaches the API. Nothing stands behind it here:
 * the API listens on the loopback address of the machine, which is no address of a cluster.
 */
async function ensureKubernetesService(client: Client): Promise<void> {
  const key = {namespace: 'default', name: 'kubernetes'}
  if ((await client.find(CORE_SERVICES, key)) !== undefined) return
  await client.create(CORE_SERVICES, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {...key, labels: {component: 'apiserver', provider: 'kubernetes'}},
    spec: {
      clusterIP: '10.96.0.1',
      ports: [{name: 'https', port: 443, protocol: 'TCP', targetPort: 6443}],
    },
  })
}

/** A domain that was asked for becomes the default; otherwise one that is set already stays. */
async function ensureDefaultDomain(client: Client, wanted: string | undefined): Promise<void> {
  const {data} = await client.get(CONFIG_MAPS, CONFIG_DOMAIN)
  const [current] = defaultDomains(data)
  const patch = domainPatch(data, [{name: wanted ?? current ?? EMBEDDED_DOMAIN, selector: {}}])
  if (Object.keys(patch).length === 0) return
  await client.patch(CONFIG_MAPS, CONFIG_DOMAIN, {type: 'merge', body: {data: patch}})
}
