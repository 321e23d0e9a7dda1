import type {Duplex} from 'node:stream'
import type {ContainerAccess} from '../../../api/remote-command.ts'
import type {WantedStreams} from './command-connection.ts'

/** What a client asks for that wants to switch to a protocol of streams. */
export type StreamRequest = CommandRequest | PortsRequest

/** A command that a client wants to see running in a container. */
export interface CommandRequest {
  readonly kind: 'exec' | 'attach'
  readonly command: readonly string[]
  readonly wanted: WantedStreams
  /** See {@link PodAccess.container}. */
  readonly open: () => ContainerAccess
}

/** Ports of a pod that a client wants to reach. */
export interface PortsRequest {
  readonly kind: 'portforward'
  /** How messages name the pod. */
  readonly pod: string
  /** Those the request names; over SPDY every stream names its own. */
  readonly ports: readonly number[]
  readonly dial: (port: number) => Promise<Duplex>
}
