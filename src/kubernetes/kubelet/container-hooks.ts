/** The beginning and the end of a container's run: hooks, the request to stop, force. */
import type {Container, LifecycleHandler} from '../../api/core/v1.ts'
import {type Clock, sleep} from '../../util/clock.ts'
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

/** A postStart hook may take as long as it likes; no timer counts further. */
const WITHOUT_END_MS = 2 ** 31 - 1
const USER_AGENT = {name: 'User-Agent', value: 'kube-lifecycle/1.36'}

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

/** Runs the postStart hook. Answers whether the container may go on; else it is being ended. */
export async function runPostStart(hooked: HookedContainer, signal: AbortSignal): Promise<boolean> {
  const {container, context, fieldPath} = hooked
  const hook = container.lifecycle?.postStart
  if (hook === undefined) return true
  const isDone = await runHook(hooked, hook, WITHOUT_END_MS, signal)
  if (isDone || signal.aborted) return true
  const pod = context.pod()
  // What a hook printed may be secret, and events are read by many.
  context.events.warning(pod, 'FailedPostStartHook', 'PostStartHook failed', fieldPath)
  context.events.normal(pod, 'Killing', 'FailedPostStartHook', fieldPath)
  const graceMs = (pod.spec.terminationGracePeriodSeconds ?? 30) * 1000
  void endContainer(hooked, graceMs, new AbortController().signal)
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
  hook: LifecycleHandler,
  graceMs: number,
  hurry: AbortSignal,
): Promise<void> {
  const over = new AbortController()
  const end = (): void => over.abort()
  hurry.addEventListener('abort', end, {once: true})
  void hooked.running.exited.then(end)
  const isDone = await runHook(hooked, hook, graceMs, over.signal)
  hurry.removeEventListener('abort', end)
  if (isDone || over.signal.aborted) return
  const {context, fieldPath} = hooked
  context.events.warning(context.pod(), 'FailedPreStopHook', 'PreStopHook failed', fieldPath)
}

/**
 * Runs a hook by the means of probes and answers whether it did what it should. Whatever a server
 * answers will do: it was asked.
 *
 * Counterpart of kubernetes `pkg/kubelet/lifecycle`.
 */
async function runHook(
  {running, container, context}: HookedContainer,
  hook: LifecycleHandler,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  if (hook.sleep !== undefined) {
    await sleep(context.clock, Math.min(hook.sleep.seconds * 1000, timeoutMs), signal)
    return true
  }
  const {ready: _, ...target} = makeTarget(running, container, context)
  const {httpGet} = hook
  const action =
    httpGet === undefined
      ? hook
      : {httpGet: {...httpGet, httpHeaders: [USER_AGENT, ...(httpGet.httpHeaders ?? [])]}}
  const result = await runProbe(target, action, {clock: context.clock, timeoutMs, signal})
  return result.ok || result.status !== undefined
}
