import type {Stat} from '../knative/autoscaler/stat.ts'
import type {QueueProxy} from '../knative/queue-proxy/queue-proxy.ts'

/**
 * The queue-proxies that run, by revision (`namespace/name`), and their load as one figure each:
 * what the original autoscaler scrapes over HTTP.
 */
export class QueueProxies {
  readonly #byRevision = new Map<string, Set<QueueProxy>>()

  /** Adds one; call the result when its pod is gone. */
  add(revision: string, proxy: QueueProxy): () => void {
    const proxies = this.#byRevision.get(revision) ?? new Set()
    this.#byRevision.set(revision, proxies.add(proxy))
    return () => {
      proxies.delete(proxy)
      if (proxies.size === 0) this.#byRevision.delete(revision)
    }
  }

  /** The summed load since the last call, or undefined when the revision has no pod. */
  scrape(revision: string): Stat | undefined {
    const proxies = this.#byRevision.get(revision)
    if (proxies === undefined) return undefined
    const sum = {
      averageConcurrentRequests: 0,
      averageProxiedConcurrentRequests: 0,
      requestCount: 0,
      proxiedRequestCount: 0,
    }
    for (const proxy of proxies) {
      const stat = proxy.takeStat()
      sum.averageConcurrentRequests += stat.averageConcurrentRequests
      sum.averageProxiedConcurrentRequests += stat.averageProxiedConcurrentRequests
      sum.requestCount += stat.requestCount
      sum.proxiedRequestCount += stat.proxiedRequestCount
    }
    return sum
  }
}
