import type {HttpHandler} from './exchange.ts'

/**
 * The network between the pods of the embedded cluster: addresses are real ones of the cluster,
 * connections are function calls.
 *
 * Whoever represents a pod binds its handler to the pod's address; whoever wants to reach it dials
 * that address and passes the exchange on. Nothing here waits or buffers: a dial is a look-up.
 */
export class ClusterNetwork {
  readonly #handlers = new Map<string, Map<number, HttpHandler>>()

  /**
   * Makes `handler` answer on `ip:port` until the returned function is called.
   *
   * @throws Error when somebody else is bound there: two pods with one address are a bug.
   */
  bind(ip: string, port: number, handler: HttpHandler): () => void {
    let ports = this.#handlers.get(ip)
    if (ports?.has(port)) throw new Error(`${ip}:${port} is already bound`)
    if (ports === undefined) {
      ports = new Map()
      this.#handlers.set(ip, ports)
    }
    ports.set(port, handler)
    return () => this.#release(ip, port, handler)
  }

  /** Who answers on `ip:port`, or undefined: the counterpart of a refused connection. */
  dial(ip: string, port: number): HttpHandler | undefined {
    return this.#handlers.get(ip)?.get(port)
  }

  #release(ip: string, port: number, handler: HttpHandler): void {
    const ports = this.#handlers.get(ip)
    // The address may belong to a successor by now.
    if (ports?.get(port) !== handler) return
    ports.delete(port)
    if (ports.size === 0) this.#handlers.delete(ip)
  }
}
