import type {EndpointAddress} from '../../kubernetes/kube-proxy/service-target.ts'

/**
 * Spreads requests over addresses: the less busy of two random ones, Istio's default.
 *
 * It counts only while there is a choice, so the usual single address costs nothing.
 */
export class EndpointChoice {
  readonly #random: () => number
  readonly #active = new Map<string, number>()

  constructor(random: () => number) {
    this.#random = random
  }

  /** Picks one. Undefined when there is none. */
  pick(addresses: readonly EndpointAddress[]): EndpointAddress | undefined {
    const count = addresses.length
    if (count <= 1) return addresses[0]
    const first = Math.floor(this.#random() * count)
    const step = 1 + Math.floor(this.#random() * (count - 1))
    const left = addresses[first]
    const right = addresses[(first + step) % count]
    if (left === undefined || right === undefined) return left ?? right
    return this.#activeOn(left) <= this.#activeOn(right) ? left : right
  }

  /** Counts a request to an address until the returned function is called. */
  enter(address: EndpointAddress): () => void {
    const key = keyOf(address)
    this.#active.set(key, this.#activeOn(address) + 1)
    return () => {
      const left = this.#activeOn(address) - 1
      if (left <= 0) this.#active.delete(key)
      else this.#active.set(key, left)
    }
  }

  #activeOn(address: EndpointAddress): number {
    return this.#active.get(keyOf(address)) ?? 0
  }
}

function keyOf({ip, port}: EndpointAddress): string {
  return `${ip}:${port}`
}
