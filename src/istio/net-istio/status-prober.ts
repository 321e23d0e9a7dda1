import {keyOf} from '../../api/meta/object.ts'
import type {KIngress} from '../../api/networking/v1alpha1.ts'
import {computeIngressHash} from './ingress-hash.ts'
import type {ProbeTarget} from './probe-targets.ts'

/** Whether all these pods follow the version of a KIngress that has this hash. */
export type IngressProbe = (targets: readonly ProbeTarget[], hash: string) => Promise<boolean>

/** Finds out whom to ask now; undefined while a gateway cannot serve the KIngress. */
export type FindTargets = () => readonly ProbeTarget[] | undefined

const FIRST_RETRY_MS = 5
const LONGEST_RETRY_MS = 30_000

interface Probing {
  readonly hash: string
  ready: boolean
  asking: boolean
  /** Probes in a row that were not answered. */
  failures: number
}

/**
 * Finds out when the gateways follow a KIngress.
 *
 * - Of each KIngress only the newest version is probed, by one probe at a time.
 * - It has no timers: `askAgain` brings the KIngress back here, sooner at first, later more seldom.
 *
 * Counterpart of knative.dev/networking `pkg/status.Prober`.
 */
export class StatusProber {
  readonly #probe: IngressProbe
  readonly #askAgain: (key: string, delayMs: number) => void
  readonly #states = new Map<string, Probing>()

  constructor(options: {probe: IngressProbe; askAgain: (key: string, delayMs: number) => void}) {
    this.#probe = options.probe
    this.#askAgain = options.askAgain
  }

  /** Whether the gateways follow this version. While they do not, it finds out. */
  isReady(ingress: KIngress, findTargets: FindTargets): boolean {
    const key = keyOf(ingress)
    const hash = computeIngressHash(ingress)
    let state = this.#states.get(key)
    if (state?.hash !== hash) {
      state = {hash, ready: false, asking: false, failures: 0}
      this.#states.set(key, state)
    }
    if (!state.ready && !state.asking) void this.#ask(key, state, findTargets())
    return state.ready
  }

  /** Drops what is known about a KIngress that is gone. */
  forget(key: string): void {
    this.#states.delete(key)
  }

  async #ask(
    key: string,
    state: Probing,
    targets: readonly ProbeTarget[] | undefined,
  ): Promise<void> {
    state.asking = true
    state.ready = targets !== undefined && (await this.#answerOf(targets, state.hash))
    state.asking = false
    if (this.#states.get(key) !== state) return
    const delayMs = state.ready
      ? 0
      : Math.min(FIRST_RETRY_MS * 2 ** state.failures, LONGEST_RETRY_MS)
    state.failures += 1
    this.#askAgain(key, delayMs)
  }

  /** A probe that fails is one that was not answered. */
  async #answerOf(targets: readonly ProbeTarget[], hash: string): Promise<boolean> {
    try {
      return await this.#probe(targets, hash)
    } catch {
      return false
    }
  }
}
