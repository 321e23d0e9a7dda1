import {type ConfigMap, type Namespace, NAMESPACES, SERVICE_ACCOUNTS} from '../../../api/core/v1.ts'
import {isAlreadyExists, isNamespaceTerminating} from '../../../api/meta/status-error.ts'
import type {Client} from '../../../client/client.ts'

/** Name of the ConfigMap in every namespace with the certificate of the API server. */
export const ROOT_CA = 'kube-root-ca.crt'

const SYSTEM_NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease']

/** Creates the namespaces that every cluster has. */
export async function ensureSystemNamespaces(client: Client): Promise<void> {
  for (const name of SYSTEM_NAMESPACES) {
    const namespace: Namespace = {apiVersion: 'v1', kind: 'Namespace', metadata: {name}}
    await createOnce(() => client.create(NAMESPACES, namespace))
  }
}

/** Creates the service account that pods of the namespace run as by default. */
export async function createDefaultServiceAccount(
  client: Client,
  namespace: string,
): Promise<void> {
  await createOnce(() =>
    client.create(SERVICE_ACCOUNTS, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: {name: 'default', namespace},
    }),
  )
}

/** The ConfigMap by which pods recognise the API server. */
export function makeRootCa(namespace: string, certificate: string): ConfigMap {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: ROOT_CA,
      namespace,
      annotations: {
        'kubernetes.io/description':
          'Contains a CA bundle that can be used to verify the kube-apiserver when using ' +
          'internal endpoints such as the internal service IP or ' +
          'kubernetes.default.svc. No other usage is guaranteed across distributions of ' +
          'Kubernetes clusters.',
      },
    },
    data: {'ca.crt': certificate},
  }
}

/** Creates, unless it is there or its namespace is on the way out. */
export async function createOnce(create: () => Promise<unknown>): Promise<void> {
  try {
    await create()
  } catch (error) {
    if (!isAlreadyExists(error) && !isNamespaceTerminating(error)) throw error
  }
}
