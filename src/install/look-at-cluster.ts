import {NODES, type Node} from '../api/core/v1.ts'
import type {Client} from '../client/client.ts'
import {hasReason} from '../api/meta/status-error.ts'
import {listExternalDns} from './dns/external-dns.ts'
import type {ClusterSigns} from './settings.ts'
import {parseVersion, type Version} from './versions.ts'

/** What a look at a cluster tells before anything is decided. */
export interface ClusterLook extends ClusterSigns {
  /** `v1.27.7-eks-4f4795d`. */
  readonly versionText: string
  readonly version: Version | undefined
  /** The AWS region of the nodes. */
  readonly region: string | undefined
}

const REGION_LABELS = ['topology.kubernetes.io/region', 'failure-domain.beta.kubernetes.io/region']

/** Looks at a cluster. What may not be read counts as unknown. */
export async function lookAtCluster(client: Client): Promise<ClusterLook> {
  const [versionText, nodes, externalDns] = await Promise.all([
    readVersion(client),
    ifAllowed(client.list(NODES).then(({items}) => items)),
    ifAllowed(listExternalDns({client})),
  ])
  return {
    versionText,
    version: parseVersion(versionText),
    embedded: versionText.endsWith('+kntool'),
    nodesOnAws: nodesOnAws(nodes ?? [], versionText),
    region: regionOfNodes(nodes ?? []),
    hasExternalDns: (externalDns ?? []).length > 0,
  }
}

/** Whether the nodes are on AWS; undefined where nothing tells. */
function nodesOnAws(nodes: readonly Node[], versionText: string): boolean | undefined {
  if (versionText.includes('-eks-')) return true
  if (nodes.length === 0) return undefined
  return nodes.some(({spec}) => (spec?.['providerID'] as string | undefined)?.startsWith('aws:'))
}

/** The region that the labels of the nodes name. */
function regionOfNodes(nodes: readonly Node[]): string | undefined {
  return nodes
    .flatMap(({metadata}) => REGION_LABELS.map((label) => metadata.labels?.[label]))
    .find((region) => region !== undefined)
}

async function readVersion(client: Client): Promise<string> {
  const {body} = await client.raw({method: 'GET', path: '/version'})
  const {gitVersion = ''} = (body.kind === 'json' ? body.value : {}) as {gitVersion?: string}
  return gitVersion
}

/** What is read, or undefined where it may not be. */
export async function ifAllowed<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading
  } catch (error) {
    if (hasReason(error, 'Forbidden')) return undefined
    throw error
  }
}
