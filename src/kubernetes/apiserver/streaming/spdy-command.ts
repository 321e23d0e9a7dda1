import {finished} from 'node:stream/promises'
import type {Duplex} from 'node:stream'
import {type CommandConnection, TerminalSizes, type WantedStreams} from './command-connection.ts'
import {SpdySession, type SpdyStream} from './spdy/session.ts'

/** How long a client may take to open its streams. */
const STREAMS_TIMEOUT_MS = 30_000

/**
 * A client of a remote command on SPDY: it opens a stream of its own for everything it wants, and
 * one for the outcome. Undefined when it does not.
 */
export async function commandOnSpdy(
  connection: Duplex,
  wanted: WantedStreams,
): Promise<CommandConnection | undefined> {
  const opened = new Map<string, SpdyStream>()
  const expected = expectedStreams(wanted)
  const complete = Promise.withResolvers<boolean>()
  const session = new SpdySession(connection, (stream) => {
    opened.set(stream.headers['streamtype'] ?? '', stream)
    if (expected.every((type) => opened.has(type))) complete.resolve(true)
  })
  const gone = new AbortController()
  void session.closed.then(() => {
    gone.abort()
    complete.resolve(false)
  })
  const timer = setTimeout(() => complete.resolve(false), STREAMS_TIMEOUT_MS)
  const isComplete = await complete.promise
  clearTimeout(timer)
  if (!isComplete) {
    session.close()
    return undefined
  }
  const {stdin, stdout, stderr, error, resize} = Object.fromEntries(opened)
  // Nothing is said on them; unread, they would never be over.
  for (const stream of [stdout, stderr, error]) stream?.resume()
  const sizes = new TerminalSizes()
  resize?.setEncoding('utf8').on('data', (message: string) => {
    for (const line of message.split('\n')) sizes.receive(line)
  })
  return {
    streams: {
      tty: wanted.tty,
      signal: gone.signal,
      onResize: (listener) => sizes.listen(listener),
      ...(stdin !== undefined && {stdin}),
      ...(stdout !== undefined && {stdout}),
      ...(stderr !== undefined && {stderr}),
    },
    async finish(outcome) {
      if (outcome !== '') error?.write(outcome)
      const outputs = [stdout, stderr, error].filter((stream) => stream !== undefined)
      for (const stream of outputs) stream.end()
      await Promise.allSettled(outputs.map((stream) => finished(stream, {readable: false})))
      session.close()
    },
  }
}

function expectedStreams({stdin, stdout, stderr, tty}: WantedStreams): string[] {
  return [
    'error',
    ...(stdin ? ['stdin'] : []),
    ...(stdout ? ['stdout'] : []),
    ...(stderr ? ['stderr'] : []),
    ...(tty ? ['resize'] : []),
  ]
}
