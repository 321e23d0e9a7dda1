/** Waits until a Service is Ready, as long as there is hope. */
import {type Service, SERVICES} from '../../api/serving/v1.ts'
import type {Client} from '../../client/client.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {type Clock, sleep, type Timer} from '../../util/clock.ts'
import {judgeReadiness, type Readiness} from './readiness.ts'

/** How long to wait. */
export interface WaitLimits {
  readonly timeoutMs: number
  /** How long Ready=False has to last to count as failure: reconcilers recover from some. */
  readonly windowMs: number
}

/** What is waited for, and by whom. */
export interface WaitRequest {
  readonly namespace: string
  readonly name: string
  /** The generation that was written; 0 for whatever is there. */
  readonly generation: number
  readonly limits: WaitLimits
  /** Ready's message, each time the status changes, `elapsedMs` after the start. */
  readonly onMessage?: (elapsedMs: number, message: string) => void
  readonly signal?: AbortSignal
}

/** How long to leave a server alone that ended a watch. */
const WATCH_AGAIN_MS = 1_000

/**
 * Resolves when the Service is Ready in the generation that was written.
 *
 * Throws `KN_NOT_READY` when it failed for longer than the window, `KN_TIMEOUT` when it was not
 * Ready in time, even at a last look, and `KN_NOT_FOUND` when it went away.
 */
export async function waitUntilReady(
  {client, clock}: {client: Client; clock: Clock},
  request: WaitRequest,
): Promise<{elapsedMs: number}> {
  const startedMs = clock.now()
  const elapsed = (): number => clock.now() - startedMs
  const verdict = Promise.withResolvers<Readiness | 'timeout'>()
  const stop = new AbortController()
  const timeout = clock.after(request.limits.timeoutMs, () => verdict.resolve('timeout'))
  const onAbort = (): void => verdict.reject(request.signal?.reason)
  request.signal?.addEventListener('abort', onAbort, {once: true})
  let failing: Timer | undefined

  const observe = (service: Service): void => {
    const readiness = judgeReadiness(service, request.generation)
    if (readiness.kind === 'stale') return
    if (readiness.kind === 'ready') verdict.resolve(readiness)
    if (readiness.kind !== 'failed') {
      failing?.cancel()
      failing = undefined
    } else {
      failing ??= clock.after(request.limits.windowMs, () => verdict.resolve(readiness))
    }
    const message = readiness.kind === 'ready' ? undefined : readiness.condition?.message
    if (message) request.onMessage?.(elapsed(), message)
  }
  follow(client, clock, request, {observe, signal: stop.signal}).catch(verdict.reject)

  try {
    const result = await verdict.promise
    const final = result === 'timeout' ? await lastLook(client, request) : result
    if (final.kind !== 'ready') throw failureOf(final, request)
    return {elapsedMs: elapsed()}
  } finally {
    timeout.cancel()
    failing?.cancel()
    request.signal?.removeEventListener('abort', onAbort)
    stop.abort()
  }
}

async function follow(
  client: Client,
  clock: Clock,
  {namespace, name}: WaitRequest,
  {observe, signal}: {observe: (service: Service) => void; signal: AbortSignal},
): Promise<void> {
  while (!signal.aborted) {
    const service = await client.get(SERVICES, {namespace, name}, {signal})
    observe(service)
    const events = await client.watch(SERVICES, {
      namespace,
      fieldSelector: `metadata.name=${name}`,
      ...(service.metadata.resourceVersion !== undefined && {
        resourceVersion: service.metadata.resourceVersion,
      }),
      signal,
    })
    for await (const event of events) {
      if (event.type === 'ERROR') break
      if (event.type === 'BOOKMARK') continue
      if (event.type === 'DELETED') {
        throw new KntoolError('KN_NOT_FOUND', `Service '${name}' was deleted while waiting for it.`)
      }
      observe(event.object)
    }
    // The server ends watches from time to time; what happened in between is read anew.
    await sleep(clock, WATCH_AGAIN_MS, signal)
  }
}

// An event may have been lost; nobody should be told that something failed which is there.
async function lastLook(
  client: Client,
  {namespace, name, generation}: WaitRequest,
): Promise<Readiness> {
  const readiness = judgeReadiness(await client.get(SERVICES, {namespace, name}), generation)
  return readiness.kind === 'failed' ? {kind: 'pending', condition: readiness.condition} : readiness
}

function failureOf(
  readiness: Exclude<Readiness, {kind: 'ready'}>,
  {namespace, name, limits}: WaitRequest,
): KntoolError {
  const condition = readiness.kind === 'stale' ? undefined : readiness.condition
  const {reason = '', message = ''} = condition ?? {}
  const hint = [`kntool service describe ${name} -n ${namespace}`]
  const details = {namespace, name, ...(condition && {condition})}
  if (readiness.kind === 'failed') {
    return new KntoolError('KN_NOT_READY', `${reason}: ${message}`, {hint, details})
  }
  const seconds = Math.trunc(limits.timeoutMs / 1000)
  return new KntoolError(
    'KN_TIMEOUT',
    `timeout: service '${name}' not ready after ${seconds} seconds`,
    {
      hint: [...(message ? [`Ready is ${condition?.status}: ${message}`] : []), ...hint],
      details,
    },
  )
}
