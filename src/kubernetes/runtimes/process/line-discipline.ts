/** What a key press of a client's terminal leads to. */
export interface TerminalInput {
  /** What the program gets. */
  readonly line: Buffer
  /** What the client sees of it. */
  readonly echo: string
  readonly signal?: 'SIGINT' | 'SIGQUIT'
  /** Whether the program's input ends. */
  readonly isEnd?: boolean
}

const INTERRUPT = 0x03
const END_OF_INPUT = 0x04
const BACKSPACE = 0x08
const NEWLINE = 0x0a
const RETURN = 0x0d
const ERASE_LINE = 0x15
const QUIT = 0x1c
const ESCAPE = 0x1b
const DELETE = 0x7f

/**
 * Edits lines as a terminal does, for a program that has none: the client's terminal is raw, since
 * it takes for granted that there is another one at the far end.
 *
 * Counterpart of the canonical mode of `tty_ldisc`.
 */
export class LineDiscipline {
  #line: number[] = []

  /** Takes bytes that the client typed. */
  input(typed: Uint8Array): TerminalInput[] {
    return [...typed].map((byte) => this.#press(byte))
  }

  #press(byte: number): TerminalInput {
    switch (byte) {
      case RETURN:
      case NEWLINE:
        return {line: this.#take(NEWLINE), echo: '\r\n'}
      case INTERRUPT:
        return {line: this.#drop(), echo: '^C\r\n', signal: 'SIGINT'}
      case QUIT:
        return {line: this.#drop(), echo: '^\\\r\n', signal: 'SIGQUIT'}
      case END_OF_INPUT: {
        const isEnd = this.#line.length === 0
        return {line: this.#take(), echo: '', isEnd}
      }
      case BACKSPACE:
      case DELETE:
        return {line: Buffer.alloc(0), echo: this.#rubOut() ? '\b \b' : ''}
      case ERASE_LINE: {
        let echo = ''
        while (this.#rubOut()) echo += '\b \b'
        return {line: Buffer.alloc(0), echo}
      }
      default:
        this.#line.push(byte)
        return {line: Buffer.alloc(0), echo: this.#echoOf(byte)}
    }
  }

  #take(...more: readonly number[]): Buffer {
    const line = Buffer.from([...this.#line, ...more])
    this.#line = []
    return line
  }

  #drop(): Buffer {
    this.#line = []
    return Buffer.alloc(0)
  }

  /** Takes the last character back, all of its bytes. */
  #rubOut(): boolean {
    let byte = this.#line.pop()
    if (byte === undefined) return false
    while (byte !== undefined && isContinuation(byte)) byte = this.#line.pop()
    return true
  }

  /** A character is shown when it is complete. */
  #echoOf(byte: number): string {
    if (byte === ESCAPE) return '^['
    if (byte < 0x80) return String.fromCodePoint(byte)
    let start = this.#line.length - 1
    while (start > 0 && isContinuation(this.#line[start] ?? 0)) start -= 1
    const lead = this.#line[start] ?? 0
    const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2
    const bytes = this.#line.slice(start)
    return bytes.length === length ? Buffer.from(bytes).toString('utf8') : ''
  }
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80
}

/** Output as a terminal shows it: every line begins at the left. */
export function toTerminal(output: Buffer): Buffer {
  if (!output.includes(NEWLINE)) return output
  return Buffer.from(output.toString('latin1').replaceAll(/\r?\n/g, '\r\n'), 'latin1')
}
