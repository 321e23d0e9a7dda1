/** Waits until a Service is Ready, as long as there is hope. */
import type {Condition} from '../../api/conditions.ts'
import {type Service, SERVICES} from '../../api/serving/v1.ts'
import type {Client} from '../../client/client.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import type {Clock, Timer} from '../../util/clock.ts'
import {explainPending, PendingExplainer} from './explain-pending.ts'
import {followService} from './follow-service.ts'
import {judgeReadiness, type Readiness, revisionToGetReady} from './readiness.ts'
import {adviseCondition} from './workload/advise.ts'
import {describeTrouble, quoteLog} from './workload/describe-trouble.ts'
import {type TroubleReport, WorkloadFollower} from './workload/follow-workload.ts'

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
  /** Something that may pass by itself, each once: a sentence, and what may help. */
  readonly onNotice?: (text: string, advice: readonly string[]) => void
  readonly signal?: AbortSignal
}

/** How often it is asked whether a pod that no node took still waits for one. */
const LOOK_AGAIN_MS = 1_000

type Verdict = Readiness | {readonly kind: 'troubled'; readonly report: TroubleReport} | 'timeout'

/**
 * Resolves when the Service is Ready in the generation that was written.
 *
 * Follows its pods too, since they show what is wrong long before Ready does. Throws `KN_NOT_READY`
 * when it failed, or its pods cannot start, for longer than the window (a pod that waits for a node is
 * told, and waited for), `KN_TIMEOUT` when it was not
 * Ready in time, even at a last look, and `KN_NOT_FOUND` when it went away.
 */
export async function waitUntilReady(
  {client, clock}: {client: Client; clock: Clock},
  request: WaitRequest,
): Promise<{elapsedMs: number}> {
  const startedMs = clock.now()
  const elapsed = (): number => clock.now() - startedMs
  const verdict = Promise.withResolvers<Verdict>()
  const stop = new AbortController()
  const timeout = clock.after(request.limits.timeoutMs, () => verdict.resolve('timeout'))
  const onAbort = (): void => {
    request.onNotice?.(`Stopped waiting; service '${request.name}' goes on getting ready.`, [
      waitCommand(request),
    ])
    verdict.reject(request.signal?.reason)
  }
  if (request.signal?.aborted) onAbort()
  else request.signal?.addEventListener('abort', onAbort, {once: true})
  let failing: Timer | undefined
  const {namespace, name, generation, limits, onNotice} = request
  const follower = new WorkloadFollower(
    {client, clock},
    {
      namespace,
      name,
      windowMs: limits.windowMs,
      signal: stop.signal,
      onTrouble: (report) => {
        if (report.fatal) verdict.resolve({kind: 'troubled', report})
        else onNotice?.(describeTrouble(report), [...report.advice, ...quoteLog(report)])
      },
    },
  )
  const explainer = new PendingExplainer(clock, (text) => onNotice?.(text, []))

  // Knative says that a revision failed as soon as no node takes its pod, and takes that back later.
  const giveUp = (readiness: Readiness): void => {
    if (!follower.waitsForNode) return verdict.resolve(readiness)
    failing = clock.after(LOOK_AGAIN_MS, () => giveUp(readiness))
  }
  const observe = (service: Service): void => {
    const readiness = judgeReadiness(service, generation)
    explainer.see(readiness)
    follower.expect(revisionToGetReady(service, readiness))
    if (readiness.kind === 'stale') return
    if (readiness.kind === 'ready') verdict.resolve(readiness)
    if (readiness.kind !== 'failed') {
      failing?.cancel()
      failing = undefined
    } else {
      failing ??= clock.after(limits.windowMs, () => giveUp(readiness))
    }
    const message = readiness.kind === 'ready' ? undefined : readiness.condition?.message
    if (message) request.onMessage?.(elapsed(), message)
  }
  followService(client, clock, request, {observe, signal: stop.signal}).catch(verdict.reject)

  try {
    const result = await verdict.promise
    const final = result === 'timeout' ? await lastLook(client, request) : result
    if (final.kind === 'ready') return {elapsedMs: elapsed()}
    if (final.kind === 'troubled') throw troubleError(final.report, request)
    throw failureOf(final, request, await follower.report())
  } finally {
    timeout.cancel()
    failing?.cancel()
    explainer.stop()
    request.signal?.removeEventListener('abort', onAbort)
    stop.abort()
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
  request: WaitRequest,
  report: TroubleReport | undefined,
): KntoolError {
  const {namespace, name, limits} = request
  const condition = readiness.kind === 'stale' ? undefined : readiness.condition
  const {reason = '', message = ''} = condition ?? {}
  const details = {namespace, name, ...(condition && {condition})}
  if (readiness.kind === 'failed') {
    if (report !== undefined) return troubleError(report, request, condition)
    const hint = [...adviseCondition(readiness.condition, request), describeCommand(request)]
    return new KntoolError('KN_NOT_READY', `${reason}: ${message}`, {hint, details})
  }
  const seconds = Math.trunc(limits.timeoutMs / 1000)
  const explanation = explainPending(readiness)
  return new KntoolError(
    'KN_TIMEOUT',
    `timeout: service '${name}' not ready after ${seconds} seconds`,
    {
      hint: [
        ...(message ? [`Ready is ${condition?.status}: ${message}`] : []),
        ...(report === undefined
          ? [explanation ?? []].flat()
          : [describeTrouble(report), ...report.advice]),
        waitCommand(request),
        describeCommand(request),
        ...(report === undefined ? [] : quoteLog(report)),
      ],
      details: {...details, ...(report && {trouble: report})},
    },
  )
}

function troubleError(
  report: TroubleReport,
  request: WaitRequest,
  condition?: Condition,
): KntoolError {
  const {namespace, name} = request
  return new KntoolError('KN_NOT_READY', describeTrouble(report), {
    hint: [...report.advice, describeCommand(request), ...quoteLog(report)],
    details: {namespace, name, ...(condition && {condition}), trouble: report},
  })
}

function describeCommand({namespace, name}: WaitRequest): string {
  return `kntool service describe ${name} -n ${namespace}`
}

function waitCommand({namespace, name}: WaitRequest): string {
  return `Go on waiting: kntool service wait ${name} -n ${namespace}`
}
