import type {CommandStreams, TerminalSize} from '../../../api/remote-command.ts'

/** Which streams a client wants to have with a command. */
export interface WantedStreams {
  readonly stdin: boolean
  readonly stdout: boolean
  readonly stderr: boolean
  readonly tty: boolean
}

/** A client that waits for a command, whatever it is connected by. */
export interface CommandConnection {
  readonly streams: CommandStreams
  /** Sends how the command ended, after all of its output, and ends the connection. */
  finish(outcome: string): Promise<void>
}

/** The sizes of a terminal that arrive as lines of JSON, for one listener that may come late. */
export class TerminalSizes {
  #latest: TerminalSize | undefined
  #listener: ((size: TerminalSize) => void) | undefined

  /** Takes a message of the client; what is no size is dropped. */
  receive(message: string): void {
    const size = parseSize(message)
    if (size === undefined) return
    this.#latest = size
    this.#listener?.(size)
  }

  /** Calls `listener` with the last size, if there is one, and with every new one. */
  listen(listener: (size: TerminalSize) => void): void {
    this.#listener = listener
    if (this.#latest !== undefined) listener(this.#latest)
  }
}

function parseSize(message: string): TerminalSize | undefined {
  try {
    const {Width: columns, Height: rows} = JSON.parse(message) as {Width?: number; Height?: number}
    const isSize = Number.isInteger(columns) && Number.isInteger(rows)
    return isSize && Number(columns) > 0 && Number(rows) > 0
      ? {columns: Number(columns), rows: Number(rows)}
      : undefined
  } catch {
    return undefined
  }
}
