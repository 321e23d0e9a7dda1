import type {Client} from '../../client/client.ts'
import {EventRecorder} from '../../controller/event-recorder.ts'
import type {InformerFactory} from '../../controller/informer.ts'
import type {Clock} from '../../util/clock.ts'

/** What every controller of this folder is given. */
export interface ControllerDeps {
  readonly client: Client
  readonly informers: InformerFactory
  readonly clock: Clock
  /** Failures of a round; the round is repeated anyway. */
  readonly onError?: (component: string, key: string, error: unknown) => void
}

/** The event recorder of a controller, under the name upstream's controller reports as. */
export function recorderFor(deps: ControllerDeps, component: string, host?: string): EventRecorder {
  return new EventRecorder({
    client: deps.client,
    clock: deps.clock,
    component,
    ...(host !== undefined && {host}),
    onError: (error) => deps.onError?.(component, 'events', error),
  })
}

/** The error sink of a controller. */
export function errorSink(
  deps: ControllerDeps,
  component: string,
): (key: string, error: unknown) => void {
  return (key, error) => deps.onError?.(component, key, error)
}
