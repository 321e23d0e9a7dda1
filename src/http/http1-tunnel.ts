import type {Duplex} from 'node:stream'

/**
 * Copies both ways between two connections whose protocol was changed. An end is passed on as an
 * end, so that a half-closed connection still carries the other direction; a connection that breaks
 * takes the other one with it. Resolves when both are closed.
 */
export function joinTunnel(left: Duplex, right: Duplex): Promise<void> {
  return new Promise((resolve) => {
    let open = 2
    for (const [side, other] of [
      [left, right],
      [right, left],
    ] as const) {
      side.on('error', () => other.destroy())
      side.on('close', () => {
        if (side.readableEnded) destroyAfterFlush(other)
        else other.destroy()
        if (--open === 0) resolve()
      })
      side.pipe(other)
    }
  })
}

/** What was copied already still reaches its reader. */
function destroyAfterFlush(stream: Duplex): void {
  if (stream.writableFinished || stream.destroyed) stream.destroy()
  else stream.end(() => stream.destroy())
}
