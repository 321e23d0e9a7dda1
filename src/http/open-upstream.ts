import {H2cUpstream} from './h2c-upstream.ts'
import {HandlerUpstreamClient} from './handler-upstream.ts'
import {Http1Upstream} from './http1-upstream.ts'
import type {Upstream, UpstreamClient} from './upstream.ts'

/** The client for an upstream. Connects when the first exchange needs it; the caller closes it. */
export function openUpstream(upstream: Upstream): UpstreamClient {
  if (upstream.kind === 'handler') return new HandlerUpstreamClient(upstream)
  return upstream.protocol === 'h2c' ? new H2cUpstream(upstream) : new Http1Upstream(upstream)
}
