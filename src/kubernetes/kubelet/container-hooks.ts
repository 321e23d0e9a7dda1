/** The beginning and the end of a container's run: hooks, the request to stop, force. */
import type {Container, ProbeHandler} from '../../api/core/v1.ts'
import type {Clock} from '../../util/clock.ts'
import type {RunningContainer} from '../runtimes/runtime.ts'
import type {PodContext} from './pod-context.ts'
import type {ProbeTarget} from './probes/probe-target.ts'
import {runProbe} from './probes/run-probe.ts'

/** One run of a container. */
export interface HookedContainer {
  readonly running: RunningContainer
  readonly container: Container
  readonly context: PodContext
  readonly fieldPath: string
}

/** How long a postStart hook may take; upstream waits without end. */
const POST_START_MS = 60_000

/** What probes and hooks of a run can reach. */
export function makeTarget(
  running: RunningContainer,
  container: Container,
  {sandbox, network}: PodContext,
): ProbeTarget {
  return {
    podIp: sandbox.podIp,
    ports: container.ports ?? [],
    endpoint: (port) => running.endpoint(port),
    dial: (port) => network.dial(sandbox.podIp, port),
    ...(running.ready !== undefined && {ready: () => running.ready?.() ?? false}),
    ...(running.exec !== undefined && {
      exec: (command, timeoutMs) =>
        running.exec?.(command, timeoutMs) ?? Promise.resolve({exitCode: 126, output: ''}),
    }),
  }
}

/** Runs the postStart hook. Answers whether the container may go on; else it is being killed. */
export async function runPostStart(hooked: HookedContainer, signal: AbortSignal): Promise<boolean> {
  const hook = hooked.container.lifecycle?.postStart
  if (hook === undefined) return true
  const failure = await runHook(hooked, hook, POST_START_MS, signal)
  if (failure === undefined || signal.aborted) return true
  warn(hooked, 'FailedPostStartHook', `PostStartHook failed: ${failure}`)
  hooked.running.kill()
  return false
}

/**
 * Ends a run: the preStop hook, then the request to stop, then force. All of it gets `graceMs`;
 * `hurry` forces at once.
 */
export async function endContainer(
  hooked: HookedContainer,
  graceMs: number,
  hurry: AbortSignal,
): Promise<void> {
  const {running, context, container} = hooked
  const {clock} = context
  const endMs = clock.now() + graceMs
  const force = (): void => running.kill()
  if (graceMs <= 0 || hurry.aborted) {
    force()
    return
  }
  hurry.addEventListener('abort', force, {once: true})
  const hook = container.lifecycle?.preStop
  if (hook !== undefined) await runPreStop(hooked, hook, graceMs, hurry)
  await requestStop(running, Math.max(0, endMs - clock.now()), clock)
  hurry.removeEventListener('abort', force)
}

/** Asks a container to stop, and forces it when its runtime has not come back in time. */
export async function requestStop(
  running: RunningContainer,
  graceMs: number,
  clock: Clock,
): Promise<void> {
  const timer = clock.after(graceMs, () => running.kill())
  await running.stop(graceMs)
  timer.cancel()
}

async function runPreStop(
  hooked: HookedContainer,
  hook: ProbeHandler,
  graceMs: number,
  hurry: AbortSignal,
): Promise<void> {
  const over = new AbortController()
  const end = (): void => over.abort()
  hurry.addEventListener('abort', end, {once: true})
  void hooked.running.exited.then(end)
  const failure = await runHook(hooked, hook, graceMs, over.signal)
  hurry.removeEventListener('abort', end)
  if (failure === undefined || over.signal.aborted) return
  warn(hooked, 'FailedPreStopHook', `PreStopHook failed: ${failure}`)
}

/** Runs a hook by the means of probes and answers how it failed. */
async function runHook(
  {running, container, context}: HookedContainer,
  hook: ProbeHandler,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const {ready: _, ...target} = makeTarget(running, container, context)
  const result = await runProbe(target, hook, {clock: context.clock, timeoutMs, signal})
  return result.ok ? undefined : result.message
}

function warn({context, fieldPath}: HookedContainer, reason: string, message: string): void {
  context.events.warning(context.pod(), reason, message, fieldPath)
}
