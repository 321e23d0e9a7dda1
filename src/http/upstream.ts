/**
 * Where an exchange ends up: a socket of a container, or a function in this process.
 *
 * `tcp` with `http1` also carries upgrades; `h2c` is HTTP/2 without TLS and with prior knowledge,
 * which is what gRPC servers behind a plain port speak.
 */
export type Upstream = TcpUpstream | HandlerUpstream

/** A server on a socket. */
export interface TcpUpstream {
  readonly kind: 'tcp'
  readonly host: string
  readonly port: number
  readonly protocol: 'http1' | 'h2c'
}

/** A function in this process. */
export interface HandlerUpstream {
  readonly kind: 'handler'
  /** `request.signal` aborts when the client goes away. */
  handle(request: Request): Promise<Response>
}
