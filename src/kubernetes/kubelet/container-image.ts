import type {Container, Pod} from '../../api/core/v1.ts'
import type {EventRecorder} from '../../controller/event-recorder.ts'
import {sleep} from '../../util/clock.ts'
import {
  type ContainerRuntime,
  ImagePullError,
  type PulledImage,
  type PullPolicy,
} from '../runtimes/runtime.ts'
import {selectRuntime} from '../runtimes/select-runtime.ts'
import {pullBackoffMs} from './crash-backoff.ts'
import type {PodContext} from './pod-context.ts'

/** How long the failure itself is shown before the back-off is. */
const SHOW_FAILURE_MS = 1000

/** An image that is there, and what runs it. */
export interface ReadyImage extends PulledImage {
  readonly runtime: ContainerRuntime
}

/**
 * Makes a container's image available, as often as it takes, until `signal` aborts; then undefined.
 *
 * `waiting` is told what to show: `ErrImagePull` for each failure, then `ImagePullBackOff`.
 */
export async function ensureImage(
  context: PodContext,
  wanted: {
    readonly container: Container
    readonly fieldPath: string
    readonly waiting: (reason: string, message: string) => void
  },
  signal: AbortSignal,
): Promise<ReadyImage | undefined> {
  const {events, runtimes, clock} = context
  const {container, fieldPath, waiting} = wanted
  const image = container.image ?? ''
  for (let failures = 1; !signal.aborted; failures++) {
    const pod = context.pod()
    try {
      const runtime = selectRuntime(runtimes, image)
      const policy = (container.imagePullPolicy ?? 'IfNotPresent') as PullPolicy
      const startMs = clock.now()
      const pulled = await runtime.pull(image, policy)
      reportPulled(events, pod, fieldPath, {image, pulled, tookMs: clock.now() - startMs})
      return {...pulled, runtime}
    } catch (error) {
      if (!(error instanceof ImagePullError)) throw error
      const {message, reason} = error
      events.warning(pod, 'Failed', `Failed to pull image "${image}": ${message}`, fieldPath)
      events.warning(pod, 'Failed', `Error: ${reason}`, fieldPath)
      waiting(reason, message)
      if (reason === 'ErrImagePull') {
        await sleep(clock, SHOW_FAILURE_MS, signal)
        const backingOff = `Back-off pulling image "${image}": ${reason}: ${message}`
        events.normal(pod, 'BackOff', backingOff, fieldPath)
        events.warning(pod, 'Failed', 'Error: ImagePullBackOff', fieldPath)
        waiting('ImagePullBackOff', backingOff)
      }
      await sleep(clock, pullBackoffMs(failures) - SHOW_FAILURE_MS, signal)
    }
  }
  return undefined
}

function reportPulled(
  events: EventRecorder,
  pod: Pod,
  fieldPath: string,
  {image, pulled, tookMs}: {image: string; pulled: PulledImage; tookMs: number},
): void {
  if (!pulled.pulled) {
    const message = `Container image "${image}" already present on machine`
    events.normal(pod, 'Pulled', message, fieldPath)
    return
  }
  const took = tookMs < 1000 ? `${tookMs}ms` : `${(tookMs / 1000).toFixed(3)}s`
  events.normal(
    pod,
    'Pulled',
    `Successfully pulled image "${image}" in ${took} (${took} including waiting)`,
    fieldPath,
  )
}
