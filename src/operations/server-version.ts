import {DEPLOYMENTS} from '../api/apps/v1.ts'
import {StatusError} from '../api/meta/status-error.ts'
import type {Client} from '../client/client.ts'
import {VERSION_LABEL} from '../api/meta/well-known.ts'
import {SYSTEM_NAMESPACE} from '../api/config/system-namespace.ts'

/** What a cluster says about itself. */
export interface ServerVersion {
  /** `v1.30.0` */
  readonly kubernetes: string
  /** Of Knative Serving: `v1.13.1`; undefined when it is not installed, or nothing may be read of it. */
  readonly serving: string | undefined
}

/** Asks a cluster for its versions. */
export async function serverVersion(client: Client): Promise<ServerVersion> {
  const [version, serving] = await Promise.all([
    client.raw({method: 'GET', path: '/version'}),
    servingVersion(client),
  ])
  const {gitVersion = 'unknown'} =
    version.body.kind === 'json' ? (version.body.value as {gitVersion?: string}) : {}
  return {kubernetes: gitVersion, serving}
}

async function servingVersion(client: Client): Promise<string | undefined> {
  try {
    const controller = await client.find(DEPLOYMENTS, {
      namespace: SYSTEM_NAMESPACE,
      name: 'controller',
    })
    const label = controller?.metadata.labels?.[VERSION_LABEL]
    return label && `v${label.replace(/^v/, '')}`
  } catch (error) {
    if (error instanceof StatusError && error.status.code === 403) return undefined
    throw error
  }
}
