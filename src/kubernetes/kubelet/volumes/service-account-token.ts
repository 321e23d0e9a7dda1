import {type Pod, SERVICE_ACCOUNTS} from '../../../api/core/v1.ts'
import {resourcePath} from '../../../api/meta/resource-type.ts'
import type {Client} from '../../../client/client.ts'
import {messageOf} from '../../../util/message-of.ts'
import {VolumeError, type FileSource} from './collect-files.ts'

/**
 * A token of the pod's ServiceAccount, as its API server makes them.
 *
 * @throws VolumeError when there is none to be had.
 */
export async function requestToken(
  client: Client,
  pod: Pod,
  {audience, expirationSeconds = 3600}: Parameters<FileSource['token']>[0],
): Promise<string> {
  const {namespace, name, uid} = pod.metadata
  const account = pod.spec.serviceAccountName ?? 'default'
  try {
    const answer = await client.raw({
      method: 'POST',
      path: resourcePath(SERVICE_ACCOUNTS, {namespace, name: account, subresource: 'token'}),
      body: {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: {
          audiences: audience === undefined || audience === '' ? [] : [audience],
          expirationSeconds,
          boundObjectRef: {kind: 'Pod', apiVersion: 'v1', name, uid},
        },
      },
    })
    const value = (answer.body.kind === 'json' ? answer.body.value : {}) as {
      status?: {token?: string}
    }
    return value.status?.token ?? ''
  } catch (cause) {
    throw new VolumeError(`failed to fetch token: ${messageOf(cause)}`, {cause})
  }
}
