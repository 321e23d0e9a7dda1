import {randomBytes} from 'node:crypto'
import {objectAt, numberAt, stringsAt} from '../json-value.ts'
import {readDocument} from '../read-body.ts'
import {invalid, invalidValue} from '../validation/field-error.ts'
import type {HandlerResult, RequestContext} from '../request-context.ts'
import {readStored} from './get.ts'
import {timestamp} from '../timestamp.ts'

/** An hour, what a token lasts unless the client says. */
const DEFAULT_SECONDS = 3600

/** Ten minutes, what a token lasts at least. */
const MIN_SECONDS = 600

function lifetimeProblem(seconds: number): string | undefined {
  if (seconds < MIN_SECONDS) return 'may not specify a duration less than 10 minutes'
  return seconds > 2 ** 32 ? 'may not specify a duration larger than 2^32 seconds' : undefined
}

/**
 * Answers a token of a ServiceAccount in the right form. It opens nothing: this API server knows
 * the tokens of its kubeconfigs only, and pods do not talk to it.
 */
export function token(context: RequestContext): HandlerResult {
  readStored(context)
  const {value} = readDocument(context.body, 'TokenRequest')
  const spec = objectAt(value, 'spec')
  const expirationSeconds = numberAt(spec, 'expirationSeconds') ?? DEFAULT_SECONDS
  const problem = lifetimeProblem(expirationSeconds)
  if (problem !== undefined) {
    throw invalid({group: 'authentication.k8s.io', kind: 'TokenRequest', name: ''}, [
      invalidValue('spec.expirationSeconds', expirationSeconds, problem),
    ])
  }
  const audiences = stringsAt(spec, 'audiences')
  const nowMs = context.server.clock.now()
  return {
    kind: 'document',
    status: 201,
    value: {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: {
        name: context.info.name,
        namespace: context.info.namespace,
        creationTimestamp: timestamp(nowMs),
      },
      spec: {
        audiences: audiences.length > 0 ? audiences : ['https://kubernetes.default.svc'],
        expirationSeconds,
        boundObjectRef: null,
      },
      status: {
        token: randomBytes(32).toString('base64url'),
        expirationTimestamp: timestamp(nowMs + expirationSeconds * 1000),
      },
    },
  }
}
