import {ACTIVATOR_USER_AGENT, PROBE_HEADER} from '../../api/networking/headers.ts'
import type {ClusterNetwork} from '../../http/cluster-network.ts'
import {callHandler} from '../../http/in-process.ts'
import {type Clock, sleep} from '../../util/clock.ts'
import type {Destination} from './revision-throttler.ts'

/** Between two probes of a pod that does not answer yet. Asking costs a function call. */
const PROBE_INTERVAL_MS = 20

/** A pod of a revision as the endpoints of its private Service say. */
export interface Backend extends Destination {
  /** Whether Kubernetes holds it ready. */
  readonly ready: boolean
}

/** What {@link RevisionBackends} needs. */
export interface RevisionBackendsOptions {
  readonly clock: Clock
  readonly network: ClusterNetwork
  /** Whether a pod counts as ready when its queue-proxy says so, even before Kubernetes does. */
  readonly probeNotReady: boolean
  /** Receives every pod that takes requests, each time that changes. */
  readonly onChange: (healthy: readonly Destination[]) => void
}

/**
 * Keeps track of which pods of a revision take requests.
 *
 * Pods that Kubernetes holds ready are trusted. The others are probed, so that a pod gets its first
 * request the moment its container answers, and not when the news has gone round.
 *
 * Counterpart of revisionWatcher in knative.dev/serving `pkg/activator/net`.
 */
export class RevisionBackends {
  readonly #options: RevisionBackendsOptions
  readonly #healthy = new Map<string, Destination>()
  readonly #probes = new Map<string, AbortController>()
  /** Addresses Kubernetes held ready the last time. */
  #ready: ReadonlySet<string> = new Set()

  constructor(options: RevisionBackendsOptions) {
    this.#options = options
  }

  /** Sets what the endpoints say now. */
  set(backends: readonly Backend[]): void {
    const before = [...this.#healthy.keys()].join()
    const present = new Map(backends.map((backend) => [addressOf(backend), backend]))
    for (const address of this.#healthy.keys()) {
      const ready = present.get(address)?.ready
      // One that ceased to be ready has to prove itself again; one found by a probe stays while
      // Kubernetes has yet to agree.
      if (ready === undefined || (!ready && this.#ready.has(address))) this.#healthy.delete(address)
    }
    this.#ready = new Set(backends.filter(({ready}) => ready).map(addressOf))
    for (const [address, probe] of this.#probes) {
      if (present.has(address)) continue
      probe.abort()
      this.#probes.delete(address)
    }
    for (const [address, backend] of present) {
      if (backend.ready) this.#healthy.set(address, backend)
      else if (!this.#healthy.has(address)) this.#startProbe(address, backend)
    }
    if ([...this.#healthy.keys()].join() !== before) this.#announce()
  }

  /** A pod does not answer any more: it gets nothing until a probe succeeds or news come. */
  suspect(destination: Destination): void {
    const address = addressOf(destination)
    if (!this.#healthy.delete(address)) return
    this.#announce()
    this.#startProbe(address, destination)
  }

  /** Ends all probes. */
  close(): void {
    for (const probe of this.#probes.values()) probe.abort()
    this.#probes.clear()
  }

  #startProbe(address: string, destination: Destination): void {
    if (!this.#options.probeNotReady || this.#probes.has(address)) return
    const stop = new AbortController()
    this.#probes.set(address, stop)
    void this.#probeUntilReady(destination, stop.signal).then((ready) => {
      if (this.#probes.get(address) === stop) this.#probes.delete(address)
      if (!ready || stop.signal.aborted || this.#healthy.has(address)) return
      this.#healthy.set(address, destination)
      this.#announce()
    })
  }

  async #probeUntilReady(destination: Destination, signal: AbortSignal): Promise<boolean> {
    const {clock, network} = this.#options
    while (!signal.aborted) {
      if (await answersProbe(network, destination, signal)) return true
      await sleep(clock, PROBE_INTERVAL_MS, signal)
    }
    return false
  }

  #announce(): void {
    this.#options.onChange([...this.#healthy.values()])
  }
}

/** Whether the pod's queue-proxy says that its container is ready. May wait for it to become so. */
async function answersProbe(
  network: ClusterNetwork,
  {ip, port}: Destination,
  signal: AbortSignal,
): Promise<boolean> {
  const handler = network.dial(ip, port)
  if (handler === undefined) return false
  try {
    const response = await callHandler(handler, {
      path: '/healthz',
      host: `${ip}:${port}`,
      headers: {[PROBE_HEADER]: 'queue', 'user-agent': ACTIVATOR_USER_AGENT},
      signal,
    })
    response.body.destroy()
    return response.status === 200
  } catch {
    return false
  }
}

function addressOf({ip, port}: Destination): string {
  return `${ip}:${port}`
}
