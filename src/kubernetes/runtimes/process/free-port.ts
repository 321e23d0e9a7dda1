import {createServer} from 'node:net'

/** Ports handed out a moment ago, which their programs may not have opened yet. */
const recent = new Set<number>()
const REMEMBERED = 256

/**
 * A TCP port of 127.0.0.1 that nobody listens on.
 *
 * Somebody else may take it before the program does; the program then ends, and its next start gets
 * another.
 */
export async function findFreePort(): Promise<number> {
  for (;;) {
    const port = await probePort()
    if (recent.has(port)) continue
    recent.add(port)
    const [oldest] = recent
    if (recent.size > REMEMBERED && oldest !== undefined) recent.delete(oldest)
    return port
  }
}

function probePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.unref()
    server.once('error', reject)
    server.listen({host: '127.0.0.1', port: 0, exclusive: true}, () => {
      const address = server.address()
      server.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port)
        else reject(new Error('the system gave no port'))
      })
    })
  })
}
