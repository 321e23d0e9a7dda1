import {DEPLOYMENTS} from '../api/apps/v1.ts'
import type {Client} from '../client/client.ts'

/** What a cluster says about itself. */
export interface ServerVersion {
  /** `v1.30.0` */
  readonly kubernetes: string
  /** Of Knative Serving: `1.13.1`; undefined when it is not installed or does not say. */
  readonly serving: string | undefined
}

/** Asks a cluster for its versions. */
export async function serverVersion(client: Client): Promise<ServerVersion> {
  const [version, controller] = await Promise.all([
    client.raw({method: 'GET', path: '/version'}),
    client.find(DEPLOYMENTS, {namespace: 'knative-serving', name: 'controller'}),
  ])
  const {gitVersion = 'unknown'} =
    version.body.kind === 'json' ? (version.body.value as {gitVersion?: string}) : {}
  return {
    kubernetes: gitVersion,
    serving: controller?.metadata.labels?.['app.kubernetes.io/version'],
  }
}
