import {keyOf} from '../../api/meta/object.ts'
import type {KIngress} from '../../api/networking/v1alpha1.ts'
import {type Clock, sleep} from '../../util/clock.ts'
import {computeIngressHash} from './ingress-hash.ts'

/** Whether all gateways follow the version of a KIngress that has this hash. */
export type IngressProbe = (ingress: KIngress, hash: string) => Promise<boolean>

const FIRST_RETRY_MS = 5
const LONGEST_RETRY_MS = 30_000

interface Probing {
  readonly hash: string
  readonly abort: AbortController
  ready: boolean
}

/**
 * Finds out when the gateways follow a KIngress.
 *
 * - One version per KIngress is probed at a time; a newer one ends the probing of the older.
 * - Probing goes on, more and more seldom, until it succeeds or is forgotten.
 *
 * Counterpart of knative.dev/networking `pkg/status.Prober`.
 */
export class StatusProber {
  readonly #clock: Clock
  readonly #probe: IngressProbe
  readonly #onReady: (key: string) => void
  readonly #states = new Map<string, Probing>()

  constructor(options: {clock: Clock; probe: IngressProbe; onReady: (key: string) => void}) {
    this.#clock = options.clock
    this.#probe = options.probe
    this.#onReady = options.onReady
  }

  /** Whether the gateways follow this version. The first time it is asked, it begins to find out. */
  isReady(ingress: KIngress): boolean {
    const key = keyOf(ingress)
    const hash = computeIngressHash(ingress)
    const known = this.#states.get(key)
    if (known?.hash === hash) return known.ready
    known?.abort.abort()
    const state: Probing = {hash, abort: new AbortController(), ready: false}
    this.#states.set(key, state)
    void this.#run(key, ingress, state)
    return false
  }

  /** Ends the probing of a KIngress that is gone. */
  forget(key: string): void {
    this.#states.get(key)?.abort.abort()
    this.#states.delete(key)
  }

  async #run(key: string, ingress: KIngress, state: Probing): Promise<void> {
    const {signal} = state.abort
    for (let delayMs = FIRST_RETRY_MS; ; delayMs = Math.min(delayMs * 2, LONGEST_RETRY_MS)) {
      const ready = await this.#ask(ingress, state.hash)
      if (signal.aborted) return
      if (ready) break
      await sleep(this.#clock, delayMs, signal)
      if (signal.aborted) return
    }
    state.ready = true
    this.#onReady(key)
  }

  /** A probe that fails is one that was not answered. */
  async #ask(ingress: KIngress, hash: string): Promise<boolean> {
    try {
      return await this.#probe(ingress, hash)
    } catch {
      return false
    }
  }
}
