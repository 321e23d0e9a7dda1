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
    const port = await tryListen(0)
    if (recent.has(port)) continue
    recent.add(port)
    const [oldest] = recent
    if (recent.size > REMEMBERED && oldest !== undefined) recent.delete(oldest)
    return port
  }
}

/** Whether nobody listens on the port of 127.0.0.1 now. */
export async function isPortFree(port: number): Promise<boolean> {
  try {
    await tryListen(port)
    return true
  } catch {
    return false
  }
}

/** Listens on a port of 127.0.0.1 (0: any), stops again and answers which it was. */
function tryListen(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.unref()
    server.once('error', reject)
    server.listen({host: '127.0.0.1', port: wanted, exclusive: true}, () => {
      const address = server.address()
      server.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port)
        else reject(new Error('the system gave no port'))
      })
    })
  })
}
