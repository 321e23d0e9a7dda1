import type {Client} from '../../../../client/client.ts'
import type {Clock} from '../../../../util/clock.ts'
import type {ResolveDigest} from '../digest-resolver.ts'
import {parseImageTag} from './image-tag.ts'
import {credentialsFor, readPullSecrets} from './pull-credentials.ts'
import {resolveTag} from './registry-client.ts'

/**
 * Looks digests up in the images' own registries, with the pull secrets that the revision has.
 *
 * Counterpart of digestResolver in knative.dev/serving `pkg/reconciler/revision/resolve.go`.
 */
export function resolveInRegistry(client: Client, clock: Clock): ResolveDigest {
  return async (image, {timeoutMs, ...identity}) => {
    const tag = parseImageTag(image)
    const credentials = credentialsFor(tag, await readPullSecrets(client, identity))
    const late = new AbortController()
    const timer = clock.after(timeoutMs, () => {
      late.abort(new Error('context deadline exceeded'))
    })
    try {
      return await resolveTag(tag, {credentials, signal: late.signal})
    } finally {
      timer.cancel()
    }
  }
}
