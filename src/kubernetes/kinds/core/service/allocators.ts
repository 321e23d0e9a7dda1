import {createHash} from 'node:crypto'

/**
 * Hands out addresses of Services from 10.96.0.0/16.
 *
 * Knows what is taken only in memory: whoever starts a server on stored objects reserves theirs.
 */
export class ServiceAddresses {
  readonly #taken = new Set<string>()

  /** Whether the address is one of ours at all. */
  contains(address: string): boolean {
    return /^10\.96\.\d{1,3}\.\d{1,3}$/.test(address)
  }

  isTaken(address: string): boolean {
    return this.#taken.has(address)
  }

  reserve(address: string): void {
    this.#taken.add(address)
  }

  release(address: string): void {
    this.#taken.delete(address)
  }

  /**
   * A free address, reserved. The same `seed` gets the same address while it is free, so that two
   * runs look alike. Throws when none of the 65,000 is left.
   */
  allocate(seed: string): string {
    const start = createHash('sha256').update(seed).digest().readUInt16BE(0)
    for (let offset = 0; offset < 65_536; offset++) {
      const index = (start + offset) % 65_536
      const last = index & 255
      // The first 256 are for addresses that people choose; .0 and .255 confuse them.
      if (index < 256 || last === 0 || last === 255) continue
      const address = `10.96.${index >> 8}.${last}`
      if (!this.#taken.has(address)) {
        this.#taken.add(address)
        return address
      }
    }
    throw new Error('range is full')
  }
}

/** Hands out ports of nodes, 30000 to 32767. Memory only, like {@link ServiceAddresses}. */
export class PortAllocator {
  readonly #taken = new Set<number>()

  contains(port: number): boolean {
    return port >= 30_000 && port <= 32_767
  }

  isTaken(port: number): boolean {
    return this.#taken.has(port)
  }

  reserve(port: number): void {
    this.#taken.add(port)
  }

  release(port: number): void {
    this.#taken.delete(port)
  }

  /** A free port, reserved; the same one for the same `seed` while it is free. */
  allocate(seed: string): number {
    const start = createHash('sha256').update(seed).digest().readUInt16BE(0)
    for (let offset = 0; offset < 2_768; offset++) {
      const port = 30_000 + ((start + offset) % 2_768)
      if (!this.#taken.has(port)) {
        this.#taken.add(port)
        return port
      }
    }
    throw new Error('range is full')
  }
}
