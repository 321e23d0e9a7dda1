/** Ways into a running pod: commands in its containers, connections to its ports. */
import {connect} from 'node:net'
import type {Duplex} from 'node:stream'
import {failure} from '../../api/meta/status-error.ts'
import type {ContainerAccess} from '../../api/remote-command.ts'
import type {HttpHandler} from '../../http/exchange.ts'
import {HttpServer} from '../../http/server.ts'
import type {Clock} from '../../util/clock.ts'
import {messageOf} from '../../util/message-of.ts'
import type {NodeContext} from './node-context.ts'
import type {PodWorker} from './pod-worker.ts'

/**
 * The way into a container that runs now.
 *
 * Throws an Error in the kubelet's words where it does not run, and a StatusError where it runs
 * inside this program.
 */
export function containerAccess(
  worker: PodWorker | undefined,
  pod: string,
  container: string,
): ContainerAccess {
  const running = worker?.container(container)?.running
  if (running === undefined) throw new Error(`container not found ("${container}")`)
  if (running.access !== undefined) return running.access
  throw failure(
    400,
    'BadRequest',
    `container ${container} of pod ${pod} runs inside kntool, not as a process of its own: ` +
      'there is nothing to run a command in or to attach to',
  )
}

/**
 * Connects to a port of the pod: to its process, or to the part of this program that stands for it.
 * Rejects with an Error in the kubelet's words when nobody listens.
 */
export async function dialPod(
  {network, clock}: Pick<NodeContext, 'network' | 'clock'>,
  worker: PodWorker | undefined,
  port: number,
): Promise<Duplex> {
  if (worker === undefined) throw new Error('pod is not running')
  const upstream = worker.endpoint(port)
  try {
    if (upstream?.kind === 'tcp') return await connectTo(upstream.port, upstream.host)
    const handler = network.dial(worker.podIp, port)
    if (handler !== undefined) return await connectToHandler(handler, clock)
  } catch (error) {
    throw new Error(refused(port, messageOf(error)), {cause: error})
  }
  throw new Error(refused(port, `dial tcp4 127.0.0.1:${port}: connect: connection refused`))
}

function refused(port: number, why: string): string {
  return `failed to connect to localhost:${port} inside the pod: ${why}`
}

function connectTo(port: number, host: string): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connect({port, host, allowHalfOpen: true, noDelay: true})
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(socket)
    })
  })
}

/** A connection to a server that is there for it alone. */
async function connectToHandler(handler: HttpHandler, clock: Clock): Promise<Duplex> {
  const server = new HttpServer({clock, handler})
  const socket = await connectTo(await server.listen(0), '127.0.0.1')
  socket.once('close', () => void server.close())
  return socket
}
