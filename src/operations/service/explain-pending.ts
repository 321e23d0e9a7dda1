import type {Clock, Timer} from '../../util/clock.ts'
import type {Readiness} from './readiness.ts'

/**
 * What a Ready that is neither True nor False waits for, in words of the system around it; undefined
 * where Ready's own message says enough.
 *
 * | readiness                      | who has to act               |
 * |--------------------------------|------------------------------|
 * | stale, or OutOfDate            | the controller of Knative    |
 * | IngressNotConfigured           | the ingress controller       |
 * | Uninitialized, "load balancer" | the gateway of the ingress   |
 * | anything else                  | –                            |
 */
export function explainPending(readiness: Readiness): string | undefined {
  if (readiness.kind === 'stale') {
    return (
      'The controller of Knative has not looked at the change yet: ' +
      'kubectl get pods -n knative-serving -l app=controller'
    )
  }
  if (readiness.kind !== 'pending') return undefined
  const {reason = '', message = ''} = readiness.condition ?? {}
  if (reason === 'OutOfDate') return explainPending({kind: 'stale'})
  if (reason === 'IngressNotConfigured') {
    return (
      'No ingress controller has taken up the route: is net-istio running, and is ingress-class in ' +
      'config-network right? kubectl get pods -n knative-serving'
    )
  }
  if (/load balancer/i.test(message) || reason === 'Uninitialized') {
    return (
      '"Waiting for load balancer": the revision is ready and the route is written; the pods of the ' +
      'gateway are asked until all of them answer for it. If it stays: kubectl get pods -n istio-system'
    )
  }
  return undefined
}

/** How long Ready may say the same before it is explained. */
const EXPLAIN_AFTER_MS = 5_000

/** Explains what is waited for when it has lasted a while; each explanation once. */
export class PendingExplainer {
  readonly #clock: Clock
  readonly #onExplanation: (text: string) => void
  readonly #told = new Set<string>()
  #pending: {text: string; timer: Timer} | undefined

  constructor(clock: Clock, onExplanation: (text: string) => void) {
    this.#clock = clock
    this.#onExplanation = onExplanation
  }

  see(readiness: Readiness): void {
    const text = explainPending(readiness)
    if (this.#pending?.text === text) return
    this.stop()
    if (text === undefined || this.#told.has(text)) return
    const timer = this.#clock.after(EXPLAIN_AFTER_MS, () => {
      this.#told.add(text)
      this.#onExplanation(text)
    })
    this.#pending = {text, timer}
  }

  stop(): void {
    this.#pending?.timer.cancel()
    this.#pending = undefined
  }
}
