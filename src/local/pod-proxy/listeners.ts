import {BlockList, createServer, type Server, type Socket} from 'node:net'
import type {Bridge} from '../../kubernetes/runtimes/runtime.ts'
import {type Clock, sleep} from '../../util/clock.ts'

/** An engine makes its bridge with the first container, which is being started meanwhile. */
const BRIDGE_POLL_MS = 50
const BRIDGE_POLLS = 400

/** Ports that lead to one and the same place. Connections are closed with them. */
export class Listeners {
  readonly #admit: (socket: Socket) => void
  readonly #servers = new Map<string, Server>()
  readonly #sockets = new Set<Socket>()
  readonly #bridges = new Set<string>()
  #isClosed = false

  constructor(admit: (socket: Socket) => void) {
    this.#admit = admit
  }

  /** Listens on an address; 0 takes a free port. Resolves to the port. */
  listen(
    address: string,
    port: number,
    isWelcome: (client: string) => boolean = () => true,
  ): Promise<number> {
    const server = createServer({noDelay: true, allowHalfOpen: true}, (socket) => {
      socket.on('error', () => undefined)
      if (!isWelcome(socket.remoteAddress ?? '')) {
        socket.destroy()
        return
      }
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
      this.#admit(socket)
    })
    this.#servers.set(address, server)
    return new Promise((resolve, reject) => {
      server.once('error', (error) => {
        this.#servers.delete(address)
        reject(error)
      })
      server.listen({port, host: address}, () => {
        const bound = server.address()
        if (typeof bound === 'object' && bound !== null) resolve(bound.port)
      })
    })
  }

  /** Listens on a bridge as soon as it is there, for nobody but its containers. */
  async openTo({address, subnet, prefix}: Bridge, port: number, clock: Clock): Promise<void> {
    if (this.#bridges.has(address)) return
    this.#bridges.add(address)
    const containers = new BlockList()
    containers.addSubnet(subnet, prefix)
    for (let poll = 0; poll < BRIDGE_POLLS && !this.#isClosed; poll++) {
      try {
        await this.listen(address, port, (client) => containers.check(client))
        return
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EADDRNOTAVAIL') throw error
      }
      await sleep(clock, BRIDGE_POLL_MS)
    }
  }

  /** Cuts everything. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const socket of this.#sockets) socket.destroy()
    const servers = [...this.#servers.values()]
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  }
}
