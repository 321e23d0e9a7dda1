import type {Socket} from 'node:net'
import type {HeaderFields} from './header-fields.ts'
import type {BodyFraming} from './http1-request.ts'
import type {RelayBody} from './relay-body.ts'
import {judgeTrailers} from './response-head.ts'

/** The body of a request ended early, or went on for longer than was said. */
class BodyLengthError extends Error {
  override readonly name = 'BodyLengthError'
}

/**
 * Sends the body of a request on an HTTP/1 connection, no faster than the server reads.
 *
 * `settle` is called once: without an error when all of it is handed over.
 */
export function sendRequestBody(
  body: RelayBody,
  socket: Socket,
  framing: BodyFraming,
  settle: (error?: unknown) => void,
): void {
  let left = typeof framing === 'number' ? framing : Number.POSITIVE_INFINITY
  body.on('data', (chunk: Buffer) => {
    left -= chunk.length
    if (left < 0) {
      settle(new BodyLengthError('the body of the request is longer than its length'))
      return
    }
    const isTaken = framing === 'chunked' ? writeChunk(socket, chunk) : socket.write(chunk)
    if (isTaken) return
    body.pause()
    socket.once('drain', () => body.resume())
  })
  body.on('end', () => {
    if (framing === 'chunked') socket.write(lastChunk(body.trailers), 'latin1')
    else if (left > 0) {
      settle(new BodyLengthError('the body of the request is shorter than its length'))
      return
    }
    settle()
  })
  body.on('error', settle)
}

/** As one write: the line of the size, the piece, and the end of its line. */
function writeChunk(socket: Socket, chunk: Buffer): boolean {
  if (chunk.length === 0) return true
  socket.cork()
  socket.write(`${chunk.length.toString(16)}\r\n`, 'latin1')
  socket.write(chunk)
  const isTaken = socket.write('\r\n', 'latin1')
  socket.uncork()
  return isTaken
}

function lastChunk(trailers: HeaderFields | undefined): string {
  if (trailers === undefined) return '0\r\n\r\n'
  judgeTrailers(trailers)
  let text = '0\r\n'
  for (const [name, value] of trailers) text += `${name}: ${value}\r\n`
  return `${text}\r\n`
}
