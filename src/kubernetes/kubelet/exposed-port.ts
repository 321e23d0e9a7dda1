import type {Exchange, HttpHandler} from '../../http/exchange.ts'
import {openUpstream} from '../../http/open-upstream.ts'
import {type Upstream, type UpstreamClient, UpstreamError} from '../../http/upstream.ts'

/** A container's port as it answers on the pod's address in the ClusterNetwork. */
export interface ExposedPort {
  readonly handler: HttpHandler
  /** Cuts what is under way. */
  close(): Promise<void>
}

/**
 * Passes exchanges on to wherever the container answers now. Nothing is opened before the first
 * exchange.
 */
export function exposePort(dial: () => Upstream | undefined): ExposedPort {
  let open: {upstream: Upstream; client: UpstreamClient} | undefined
  const clientFor = (upstream: Upstream): UpstreamClient => {
    if (open?.upstream !== upstream) {
      // The container was started again, maybe elsewhere.
      void open?.client.close()
      open = {upstream, client: openUpstream(upstream)}
    }
    return open.client
  }
  return {
    async handler(exchange) {
      const upstream = dial()
      if (upstream === undefined) {
        refuse(exchange, 'connection refused')
        return
      }
      try {
        await clientFor(upstream).forward(exchange)
      } catch (error) {
        if (!(error instanceof UpstreamError)) throw error
        if (exchange.status === 0) refuse(exchange, error.message)
      }
    },
    async close() {
      await open?.client.close()
      open = undefined
    },
  }
}

function refuse(exchange: Exchange, why: string): void {
  exchange.respond(502, `${why}\n`)
}
