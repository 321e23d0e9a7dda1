import type {Socket} from 'node:net'

const METHOD = Buffer.from('CONNECT ')
const MAX_HEAD_BYTES = 16 * 1024
/** How long a client may take to say what it wants. */
const HEAD_TIMEOUT_MS = 10_000

/** How a connection begins: with a tunnel to an authority, or with some other request. */
export type Beginning =
  | {readonly kind: 'tunnel'; readonly authority: string}
  | {readonly kind: 'request'}

/**
 * Reads how a connection begins. What follows the head of a CONNECT, and all of any other request,
 * can be read from the socket as if nothing had been read.
 *
 * Resolves to undefined when the connection ends first, takes too long or makes no sense; then it is
 * destroyed.
 */
export function readBeginning(socket: Socket): Promise<Beginning | undefined> {
  return new Promise((resolve) => {
    let read = Buffer.alloc(0)
    const settle = (beginning: Beginning | undefined, rest = read): void => {
      socket.off('readable', onReadable)
      socket.off('end', giveUp)
      socket.off('close', giveUp)
      socket.off('timeout', giveUp)
      socket.setTimeout(0)
      if (beginning === undefined) socket.destroy()
      else if (rest.length > 0) socket.unshift(rest)
      resolve(beginning)
    }
    const giveUp = (): void => settle(undefined)
    const onReadable = (): void => {
      const chunk = socket.read() as Buffer | null
      if (chunk === null) return
      read = Buffer.concat([read, chunk])
      const start = read.subarray(0, METHOD.length)
      if (!METHOD.subarray(0, start.length).equals(start)) {
        settle({kind: 'request'})
        return
      }
      const end = read.indexOf('\r\n\r\n')
      if (end < 0) {
        if (read.length > MAX_HEAD_BYTES) giveUp()
        return
      }
      const [authority = ''] = read.toString('latin1', METHOD.length, end).split(' ')
      settle({kind: 'tunnel', authority}, read.subarray(end + 4))
    }
    socket.setTimeout(HEAD_TIMEOUT_MS)
    socket.on('readable', onReadable)
    socket.on('end', giveUp)
    socket.on('close', giveUp)
    socket.on('timeout', giveUp)
  })
}
