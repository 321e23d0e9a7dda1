import {request as httpRequest} from 'node:http'
import type {Duplex} from 'node:stream'
import {text} from 'node:stream/consumers'
import type {Engine} from './engine.ts'

/**
 * Connects to a container's streams. The library sends its options as a body too, which Podman takes
 * for the first of the input, and without a body nothing at all.
 */
export function attachContainer(
  engine: Engine,
  id: string,
  {stdin}: {readonly stdin: boolean},
): Promise<Duplex> {
  const {socketPath, host, port} = engine.modem as {
    socketPath?: string
    host?: string
    port?: number
  }
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      ...(socketPath !== undefined ? {socketPath} : {host, port}),
      method: 'POST',
      path: `/containers/${id}/attach?stream=1&stdout=1&stderr=1&stdin=${stdin ? 1 : 0}`,
      headers: {connection: 'Upgrade', upgrade: 'tcp', 'content-length': 0},
    })
    request.once('upgrade', (_response, socket, head) => {
      if (head.length > 0) socket.unshift(head)
      resolve(socket)
    })
    request.once('response', (response) => {
      void text(response).then(
        (body) =>
          reject(new Error(refusalOf(body) ?? `the engine answered ${response.statusCode}`)),
        reject,
      )
    })
    request.once('error', reject)
    request.end()
  })
}

function refusalOf(body: string): string | undefined {
  try {
    return (JSON.parse(body) as {message?: string}).message
  } catch {
    return undefined
  }
}
