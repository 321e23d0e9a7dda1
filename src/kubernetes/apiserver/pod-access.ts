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

/** A process inside a pod, or a port of it, as a pair of streams. */
interface PodStream {
  readonly readable: AsyncIterable<Uint8Array>
  write(chunk: Uint8Array): Promise<void>
  close(): void
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
  /** Runs a command in a container; absent where the node cannot. */
  exec?(
    namespace: string,
    pod: string,
    options: {container?: string; command: readonly string[]; stdin?: boolean; tty?: boolean},
  ): Promise<PodStream>
  /** Opens a connection to a port of the pod; absent where the node cannot. */
  portForward?(namespace: string, pod: string, port: number): Promise<PodStream>
}
