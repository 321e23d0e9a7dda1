import type {Readable, Writable} from 'node:stream'

/** The size of a client's terminal, in characters. */
export interface TerminalSize {
  readonly columns: number
  readonly rows: number
}

/**
 * What lies between a command in a container and the client that wants to see it.
 *
 * Counterpart of `remotecommand.StreamOptions`.
 */
export interface CommandStreams {
  /** Ends where the client closed it; absent where it sends nothing. */
  readonly stdin?: Readable
  /** Left open by the command's side: whoever made it ends it. */
  readonly stdout?: Writable
  /** Absent with a terminal: there both outputs are one. */
  readonly stderr?: Writable
  /** Whether the client has a terminal and wants the command to have one. */
  readonly tty: boolean
  /** Calls `listener` with the size of the client's terminal, and with every change of it. */
  onResize(listener: (size: TerminalSize) => void): void
  /** Aborts when the client went away: nobody needs the command any more. */
  readonly signal: AbortSignal
}

/** A container that runs, as a node gives access to it. */
export interface ContainerAccess {
  /**
   * Runs a command in it and resolves to its exit code when all of its output is written.
   *
   * Rejects with an Error in the words of a container engine when it cannot be started.
   */
  exec(command: readonly string[], streams: CommandStreams): Promise<number>
  /** Joins the streams of the container's own process, until it ends or the client goes away. */
  attach(streams: CommandStreams): Promise<void>
}
