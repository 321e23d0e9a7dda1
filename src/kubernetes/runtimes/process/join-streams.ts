import {Transform, type Readable, type Writable} from 'node:stream'
import type {CommandStreams} from '../../../api/remote-command.ts'
import {LineDiscipline, toTerminal} from './line-discipline.ts'

/** The ends of a process that a client is joined to. */
export interface ProcessStreams {
  readonly stdin: Writable | null
  readonly stdout: Readable
  readonly stderr: Readable
  readonly signal: (signal: NodeJS.Signals) => void
  /** Whether the process's input ends with the client's. */
  readonly endsInput: boolean
}

const NO_TERMINAL =
  'This container is a process without a terminal: lines are edited here, and its programs see a pipe.\r\n'

/**
 * Passes what a process writes on to a client, and what the client sends to the process, at the
 * pace of the slower side. Answers what waits for the last of the output.
 */
export function joinStreams(
  ends: ProcessStreams,
  client: CommandStreams,
): {readonly drained: () => Promise<void>} {
  const {stdout, stderr} = ends
  const {tty} = client
  if (tty) client.stdout?.write(NO_TERMINAL)
  const outputs = [
    pass(stdout, client.stdout, tty),
    pass(stderr, tty ? client.stdout : client.stderr, tty),
  ]
  if (client.stdin !== undefined && ends.stdin !== null) {
    if (tty) typeInto(ends, ends.stdin, client.stdin, client.stdout)
    else client.stdin.pipe(ends.stdin, {end: ends.endsInput})
    // A program that closes its input first is no failure of ours.
    ends.stdin.on('error', () => undefined)
  }
  return {
    async drained() {
      await Promise.all(outputs)
    },
  }
}

/** Resolves when `from` has ended and its last piece is handed over. */
async function pass(from: Readable, to: Writable | undefined, tty: boolean): Promise<void> {
  if (to === undefined || from.destroyed || from.readableEnded) {
    from.resume()
    return
  }
  const source = tty ? from.pipe(terminalOutput()) : from
  source.pipe(to, {end: false})
  await Promise.race([over(source, 'end'), over(source, 'close'), over(to, 'close')])
}

function over(stream: Readable | Writable, event: 'end' | 'close'): Promise<void> {
  return new Promise((resolve) => stream.once(event, () => resolve()))
}

function terminalOutput(): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(null, toTerminal(chunk))
    },
  })
}

function typeInto(
  ends: ProcessStreams,
  stdin: Writable,
  typed: Readable,
  screen: Writable | undefined,
): void {
  const discipline = new LineDiscipline()
  typed.on('data', (chunk: Buffer) => {
    for (const {line, echo, signal, isEnd} of discipline.input(chunk)) {
      if (echo !== '') screen?.write(echo)
      if (line.length > 0) stdin.write(line)
      if (signal !== undefined) ends.signal(signal)
      if (isEnd === true) stdin.end()
    }
  })
  typed.once('end', () => {
    if (ends.endsInput) stdin.end()
  })
}
