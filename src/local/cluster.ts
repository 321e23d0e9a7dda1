import type {UserInfo} from '../api/admission.ts'
import type {Transport} from '../api/transport.ts'
import type {Client} from '../client/client.ts'
import type {HandlerImage} from '../kubernetes/runtimes/handler/handler-runtime.ts'
import type {Clock} from '../util/clock.ts'
import type {DataDir} from './data-dir.ts'

/** Who the owner of an embedded cluster is, as on a cluster that kubeadm made. */
export const CLUSTER_OWNER: UserInfo = {
  username: 'kubernetes-admin',
  groups: ['system:masters', 'system:authenticated'],
}

/** Which runtime runs the containers of pods. */
export type RuntimeChoice = 'auto' | 'process' | 'container'

/** Ports on 127.0.0.1. 0 is any free one, also where nothing is said. */
export interface ListenOptions {
  readonly apiPort?: number
  readonly gatewayPort?: number
  /** Without it the gateway serves no HTTPS. */
  readonly gatewayHttps?: {
    readonly port: number
    /** Whether to go on without HTTPS where somebody else has the port. */
    readonly optional?: boolean
  }
}

/** How an embedded cluster is started. Everything is optional. */
export interface ClusterOptions {
  /** How kubeconfigs name the cluster. */
  readonly name?: string
  /** Where the objects are kept. Without it they live in memory only. */
  readonly dataDir?: string
  /** Where token and certificate are kept, so that a kubeconfig outlives a restart. */
  readonly credentialsDir?: DataDir
  /** Where started processes are recorded, so that the next start ends what a killed one left. */
  readonly processesDir?: string
  /** Opens ports on 127.0.0.1; without it the cluster is reached in process only. */
  readonly listen?: ListenOptions
  /** The default domain of Services. Without it, the one that is set already, or `localhost`. */
  readonly domain?: string
  /** A file that maps images to commands; the one that ships is consulted after it. */
  readonly imagesFile?: string
  readonly runtime?: RuntimeChoice
  /** Images that are functions, by image name. */
  readonly handlers?: Readonly<Record<string, HandlerImage>>
  readonly clock?: Clock
  /**
   * `full`: everything runs. `api`: only the API server over the stored objects, enough for reading.
   * Defaults to `full`.
   */
  readonly mode?: 'full' | 'api'
  /** Receives one JSON line per message of a component. */
  readonly onLog?: (component: string, line: string) => void
}

/** A running embedded cluster. */
export interface EmbeddedCluster {
  /** The API as administrator `kntool-admin`. */
  readonly client: Client
  readonly transport: Transport
  /** `https://127.0.0.1:<port>`, if it listens. */
  readonly apiUrl: string | undefined
  /** `http://127.0.0.1:<port>`, if it listens. */
  readonly gatewayUrl: string | undefined
  /** `https://127.0.0.1:<port>`, if it listens. Certificates go by host, so it serves no name of its own. */
  readonly gatewayHttpsUrl: string | undefined
  /** The API as somebody else. */
  transportFor(user: UserInfo): Transport
  /** Kubeconfig text that reaches {@link apiUrl}; undefined if it does not listen. */
  readonly kubeconfig: string | undefined
  /** Sends a request through the gateway; the URL's host chooses the Service, no DNS is asked. */
  fetch(url: string, init?: RequestInit): Promise<Response>
  /** Resolves when no controller has work left, or after `timeoutMs`. */
  settled(timeoutMs?: number): Promise<void>
  /** Stops containers, components, ports and storage, in this order. */
  stop(): Promise<void>
}
