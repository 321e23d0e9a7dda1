import type {ApiRequest, ApiResponse} from '../../api/transport.ts'
import {Client} from '../../client/client.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {type Clock, sleep} from '../../util/clock.ts'
import {retryReason} from './retry-policy.ts'

/** The field manager of everything kntool applies. */
export const FIELD_MANAGER = 'kntool'

const REQUEST_TIMEOUT_MS = 30_000
const FIRST_DELAY_MS = 100
const MAX_DELAY_MS = 5000
const SHORT_PATIENCE_MS = 60_000

/** What the clients of one run know: only a server that has answered before is waited for. */
export interface Contact {
  hasAnswered: boolean
}

/** How patient a client is. */
export interface PatienceOptions {
  readonly clock: Clock
  readonly signal: AbortSignal
  /** For a webhook that is starting. */
  readonly longPatienceMs: number
  /** Whether the server has ever answered; shared by clients of one run. */
  readonly contact?: Contact
  /** Called before each repetition, with the reason. */
  readonly onRetry?: (why: string) => void
}

/**
 * A client that repeats what passes by itself, and gives up on answers that do not come.
 *
 * What it throws in the end is the last failure. See `retryReason` for what is repeated.
 */
export function patientClient(client: Client, options: PatienceOptions): Client {
  const {contact = {hasAnswered: false}} = options
  return new Client(
    {
      async send(request) {
        const {clock, signal} = options
        const startedMs = clock.now()
        for (let delayMs = FIRST_DELAY_MS; ; delayMs = Math.min(delayMs * 2, MAX_DELAY_MS)) {
          try {
            const response = await withinTime(client, request, clock)
            contact.hasAnswered = true
            return response
          } catch (error) {
            const reason = retryReason(error, request, contact.hasAnswered)
            const patienceMs =
              reason?.patience === 'long' ? options.longPatienceMs : SHORT_PATIENCE_MS
            const elapsedMs = clock.now() - startedMs
            if (reason === undefined || elapsedMs >= patienceMs || signal.aborted) throw error
            options.onRetry?.(reason.why)
            await sleep(clock, reason.afterMs ?? delayMs, signal)
          }
        }
      },
    },
    {fieldManager: FIELD_MANAGER},
  )
}

/**
 * A client that asks once, and rejects with `KN_UNREACHABLE` when there is no answer in time, also
 * if the transport does not heed the signal.
 */
export function hurriedClient(client: Client, clock: Clock, timeoutMs: number): Client {
  return new Client({send: (request) => withinTime(client, request, clock, timeoutMs)})
}

async function withinTime(
  client: Client,
  request: ApiRequest,
  clock: Clock,
  timeoutMs = REQUEST_TIMEOUT_MS,
): Promise<ApiResponse> {
  if (request.query?.['watch'] === 'true') return client.raw(request)
  const giveUp = new AbortController()
  const {promise: timeout, reject} = Promise.withResolvers<never>()
  const timer = clock.after(timeoutMs, () => {
    reject(
      new KntoolError(
        'KN_UNREACHABLE',
        `The API server did not answer ${request.method} ${request.path} within ${timeoutMs / 1000} s.`,
        {hint: 'Look at the cluster: kubectl get --raw /readyz?verbose'},
      ),
    )
    giveUp.abort()
  })
  const signal = request.signal ? AbortSignal.any([request.signal, giveUp.signal]) : giveUp.signal
  try {
    return await Promise.race([client.raw({...request, signal}), timeout])
  } finally {
    timer.cancel()
  }
}
