import type {Container, Pod} from '../../api/core/v1.ts'
import type {ContainerAccess} from '../../api/remote-command.ts'
import type {Upstream} from '../../http/upstream.ts'

/**
 * Whether a runtime can run an image, and if not, where it looked and how to mend it. An empty
 * reason: nobody would have expected it of this runtime.
 */
export type Resolution =
  | {readonly runnable: true}
  | {readonly runnable: false; readonly reason: string; readonly hint?: string}

/** The two streams of a container's output. */
export type LogStream = 'stdout' | 'stderr'

/** Takes a container's output as it comes; lines may be cut anywhere. */
export type LogSink = (stream: LogStream, chunk: string | Uint8Array) => void

/** What the containers of one pod share. */
export interface Sandbox {
  /** The pod's address; it exists in the ClusterNetwork only. */
  readonly podIp: string
  /** Where the container of this pod that has the port answers; undefined while none runs. */
  dial(containerPort: number): Upstream | undefined
}

/** A directory or file of this machine that a container is to see under a path of its own. */
export interface Mount {
  /** Absolute, as the container knows it. */
  readonly mountPath: string
  /** Where it is. */
  readonly source: string
  readonly readOnly: boolean
}

/** One container to start. */
export interface StartRequest {
  /** As it is stored; frozen. */
  readonly pod: Pod
  readonly container: Container
  readonly image: string
  /** Everything the spec gives it, resolved and expanded. */
  readonly env: Readonly<Record<string, string>>
  /** The spec's command and arguments, expanded; absent where the image's own apply. */
  readonly command?: readonly string[]
  readonly args?: readonly string[]
  /** The declared container ports, in order. */
  readonly ports: readonly number[]
  readonly sandbox: Sandbox
  readonly log: LogSink
  /** Says something to whoever looks at the pod: a warning in its events. */
  readonly warn: (reason: string, message: string) => void
  readonly volumes?: ContainerVolumes
  /** Absent where programs find no Services by their names. */
  readonly serviceProxy?: ServiceProxy
}

/** A network of this machine that containers are on. */
export interface Bridge {
  /** The machine's own address on it. */
  readonly address: string
  readonly subnet: string
  readonly prefix: number
}

/** The proxy that knows the cluster's Services, as the programs of one namespace ask it. */
export interface ServiceProxy {
  /** Its URL for programs in this machine's own network. */
  url(): Promise<string>
  /** Its URL for containers on a bridge, from where it can be reached as soon as that is there. */
  urlOn(bridge: Bridge): Promise<string>
}

/** What a container sees of its pod's volumes. */
export interface ContainerVolumes {
  readonly mounts: readonly Mount[]
  /** A directory of this container alone; whoever starts it need not remove what it puts there. */
  readonly directory: string
  /** The directory of the pod, which is removed with it. Nothing outside of it is written. */
  readonly podDirectory: string
}

/** How a container ended. */
export interface ContainerExit {
  /** 128 + n for a process that signal n ended. */
  readonly exitCode: number
  /** The number of the signal that ended it. */
  readonly signal?: number
  /** What ended it, where it was not the program itself. */
  readonly reason?: string
}

/** What a command that was run inside a container left behind. */
export interface ExecResult {
  readonly exitCode: number
  readonly output: string
}

/** A container that was started. Whoever started it stops it. */
export interface RunningContainer {
  /** `process://…`, as it stands in the pod's status. */
  readonly id: string
  /** Settles once, when nothing of the container is left. Never rejects. */
  readonly exited: Promise<ContainerExit>
  /** Where the port answers. Says nothing about whether somebody listens already. */
  endpoint(containerPort: number): Upstream | undefined
  /** Asks it to end, forces it after `graceMs`, resolves when it has ended. */
  stop(graceMs: number): Promise<void>
  /** Ends it by force. */
  kill(): void
  /** Whether it serves; absent where only probing can tell. */
  ready?(): boolean | Promise<boolean>
  /** Runs a command beside it; absent where the runtime cannot. */
  exec?(command: readonly string[], timeoutMs: number): Promise<ExecResult>
  /** The way in for people; absent where the container is no process of its own. */
  readonly access?: ContainerAccess
}

/** How urgently an image must be fetched. */
export type PullPolicy = 'Always' | 'IfNotPresent' | 'Never'

/** The image a container is started from. */
export interface PulledImage {
  /** `name@sha256:…`: what exactly runs. */
  readonly imageId: string
  /** Whether anything was fetched. */
  readonly pulled: boolean
}

/**
 * How containers see volumes: `mounted` at their paths; `linked` below a directory that the
 * environment names; `awaited`, which means not at all, but they do not start without them.
 */
export type VolumeUse = 'mounted' | 'linked' | 'awaited'

/**
 * Runs containers in one particular way.
 *
 * - `resolve` costs nothing and asks nobody.
 * - `start` throws a {@link ContainerStartError} when the container cannot be started.
 * - Nothing a runtime started outlives `close`.
 */
export interface ContainerRuntime {
  readonly name: string
  /** Whether images come from registries, so that tags have digests; absent where they do not. */
  readonly pullsFromRegistry?: boolean
  /** Absent where volumes mean nothing to what runs. */
  readonly volumes?: VolumeUse
  resolve(image: string): Resolution
  /** Makes the image available. Throws an {@link ImagePullError}. */
  pull(image: string, policy: PullPolicy): Promise<PulledImage>
  start(request: StartRequest): Promise<RunningContainer>
  /** Removes what an earlier run of this program left behind. Call it before the first start. */
  cleanUp?(): Promise<void>
  /** Ends everything by force and gives back what the runtime holds. */
  close(): Promise<void>
}

/** A container that could not be started; the message says why, for the pod's status. */
export class ContainerStartError extends Error {
  override readonly name = 'ContainerStartError'
}

/** An image that is not to be had; the message says where was looked. */
export class ImagePullError extends Error {
  override readonly name = 'ImagePullError'
  /** The reason in the container's waiting state. */
  readonly reason: 'ErrImagePull' | 'ErrImageNeverPull' | 'InvalidImageName'

  constructor(
    message: string,
    reason: 'ErrImagePull' | 'ErrImageNeverPull' | 'InvalidImageName' = 'ErrImagePull',
  ) {
    super(message)
    this.reason = reason
  }
}
