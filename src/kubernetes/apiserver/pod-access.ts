import type {Duplex} from 'node:stream'
import type {ContainerAccess} from '../../api/remote-command.ts'

/** What of a container's log is wanted. Counterpart of `v1.PodLogOptions`. */
export interface PodLogOptions {
  /** Empty means the only container. */
  readonly container?: string
  readonly follow?: boolean
  /** The log of the container's previous run. */
  readonly previous?: boolean
  readonly sinceSeconds?: number
  readonly sinceTime?: string
  readonly tailLines?: number
  readonly limitBytes?: number
  readonly timestamps?: boolean
}

/** What an API server asks of the node a pod runs on. The kubelet implements it. */
export interface PodAccess {
  /** The log, until its end, or with `follow` until `signal` aborts. Throws a StatusError. */
  logs(
    namespace: string,
    pod: string,
    options: PodLogOptions,
    signal: AbortSignal,
  ): AsyncIterable<Uint8Array>
  /**
   * The way into a container that runs. Throws a StatusError where its runtime has none, and an
   * Error in the kubelet's words where it does not run.
   */
  container(namespace: string, pod: string, container: string): ContainerAccess
  /** Connects to a port of the pod. Rejects with an Error that says why not. */
  dial(namespace: string, pod: string, port: number): Promise<Duplex>
}
