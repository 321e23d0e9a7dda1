import type {Client} from '../client/client.ts'
import type {KntoolError} from '../errors/kntool-error.ts'
import type {Clock} from '../util/clock.ts'
import type {ClusterChoice} from './choose-cluster.ts'

/** How requests get to the gateway in front of the Services. */
export type GatewayAccess =
  /** Over TCP; the Service is chosen by the `Host` field. */
  | {
      readonly kind: 'address'
      readonly host: string
      readonly port: number
      /** Where it serves HTTPS, if it does and that is known. */
      readonly httpsPort?: number
    }
  /** Inside this process. */
  | {readonly kind: 'in-process'; fetch(url: string, init?: RequestInit): Promise<Response>}

/** A cluster a command acts on, or files in its place. Whoever made it calls {@link Connection.close}. */
export interface Connection {
  readonly client: Client
  /** `files`: there is no cluster but Services in files. */
  readonly kind: ClusterChoice | 'files'
  /** The namespace of the context, for commands that name none. */
  readonly namespace: string
  /** What the cluster is called in messages: `context "prod"`, `the embedded cluster`. */
  readonly description: string
  readonly clock: Clock
  /** Finds the gateway. Throws `KN_NOT_FOUND` when the cluster has none that can be reached. */
  gateway(): Promise<GatewayAccess>
  /**
   * The error for a failure that an answer of the server explains, which is no object of Kubernetes;
   * undefined where none does.
   */
  readonly blame?: (cause: unknown) => Promise<KntoolError | undefined>
  /** Lets an embedded cluster come to rest and stops it; lets go of sockets. */
  close(): Promise<void>
}
