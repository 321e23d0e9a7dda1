/**
 * Addresses of 10.244.0.0/16 for pods. They exist only in the ClusterNetwork.
 *
 * An address that was given back is given out again as late as possible, so that a client with an
 * old address does not reach a new pod.
 */
export class PodIps {
  readonly #used = new Set<number>()
  #last = 1

  /** Takes an address: `wanted` if it is free and one of ours, else the next free one. */
  allocate(wanted?: string): string {
    const number = wanted === undefined ? undefined : parse(wanted)
    if (number !== undefined && !this.#used.has(number)) {
      this.#used.add(number)
      return format(number)
    }
    for (let tried = 0; tried < SIZE; tried++) {
      this.#last = this.#last + 1 >= SIZE - 1 ? FIRST : this.#last + 1
      if (this.#used.has(this.#last)) continue
      this.#used.add(this.#last)
      return format(this.#last)
    }
    throw new Error('no pod address is free in 10.244.0.0/16')
  }

  /** Gives an address back. */
  release(ip: string): void {
    const number = parse(ip)
    if (number !== undefined) this.#used.delete(number)
  }
}

const SIZE = 65_536
/** 10.244.0.1 is the network's own. */
const FIRST = 2

function format(number: number): string {
  return `10.244.${number >> 8}.${number & 255}`
}

function parse(ip: string): number | undefined {
  const match = /^10\.244\.(\d{1,3})\.(\d{1,3})$/.exec(ip)
  if (match === null) return undefined
  const number = Number(match[1]) * 256 + Number(match[2])
  return number >= FIRST && number < SIZE - 1 ? number : undefined
}
