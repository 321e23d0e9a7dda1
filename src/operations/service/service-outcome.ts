import {type Service, SERVICES} from '../../api/serving/v1.ts'
import type {Client} from '../../client/client.ts'
import type {Clock} from '../../util/clock.ts'
import {type WaitLimits, waitUntilReady} from './wait-until-ready.ts'

/** What was done to a Service. */
export type ServiceVerb = 'created' | 'replaced' | 'updated' | 'applied' | 'imported'

/** The end of an operation that writes a Service. */
export interface ServiceOutcome {
  readonly verb: ServiceVerb
  readonly namespace: string
  readonly name: string
  /** Whether the spec changed; without that nothing is waited for. */
  readonly changed: boolean
  /** The Service when it was Ready, if that was waited for; else as it was written. */
  readonly service: Service
  readonly waited: boolean
  /** The latest ready revision before the operation. */
  readonly previousRevision: string | undefined
}

/** Follows an operation that writes a Service. */
export interface ServiceObserver {
  /** The Service is written and is waited for. */
  onWaiting?(verb: ServiceVerb, key: {namespace: string; name: string}): void
  /** Ready has a message, `elapsedMs` after the wait began. */
  onMessage?(elapsedMs: number, message: string): void
  onReady?(elapsedMs: number): void
  /** What is waited for does not come by itself, or takes long: a sentence, and what may help. */
  onNotice?(text: string, advice: readonly string[]): void
  /** Something a person should know that stops nothing. */
  onWarning?(text: string): void
}

/** Whether and how to wait, and who follows. */
export interface ServiceWriteOptions {
  /** Without it the operation ends with the write. */
  readonly wait?: WaitLimits | undefined
  readonly observer?: ServiceObserver
  readonly signal?: AbortSignal
}

/** Waits for a Service that was just written, if that is wanted, and sums up. */
export async function finish(
  {client, clock}: {client: Client; clock: Clock},
  written: {
    verb: ServiceVerb
    service: Service
    changed: boolean
    previousRevision?: string | undefined
  },
  {wait, observer, signal}: ServiceWriteOptions,
): Promise<ServiceOutcome> {
  const {verb, service, changed, previousRevision} = written
  const {name, namespace = '', generation = 0} = service.metadata
  const outcome = {verb, namespace, name, changed, previousRevision}
  if (!changed || wait === undefined) return {...outcome, service, waited: false}
  observer?.onWaiting?.(verb, {namespace, name})
  const {elapsedMs} = await waitUntilReady(
    {client, clock},
    {
      namespace,
      name,
      generation,
      limits: wait,
      onMessage: (ms, message) => observer?.onMessage?.(ms, message),
      onNotice: (text, advice) => observer?.onNotice?.(text, advice),
      ...(signal && {signal}),
    },
  )
  observer?.onReady?.(elapsedMs)
  return {...outcome, service: await client.get(SERVICES, {namespace, name}), waited: true}
}
