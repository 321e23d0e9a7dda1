import {Readable} from 'node:stream'

/**
 * A body that can be given away: reads from `source` only while it is read itself, and may be
 * destroyed without destroying the source.
 *
 * Clients of HTTP libraries destroy the bodies they are given. The request of a server must
 * survive that: its connection still has to carry the response, and then the next request.
 */
export class RelayBody extends Readable {
  readonly #source: Readable
  readonly #begun = Promise.withResolvers<void>()

  constructor(source: Readable) {
    super()
    this.#source = source
    source.on('data', (chunk: Buffer) => {
      this.#begun.resolve()
      if (!this.destroyed && !this.push(chunk)) source.pause()
    })
    source.on('end', () => {
      this.#begun.resolve()
      this.push(null)
    })
    source.on('error', (error) => this.destroy(error))
    source.on('close', () => {
      if (!source.readableEnded) this.destroy(new Error('the body was cut off'))
    })
    // Whoever reads the body hears of its end; one that nobody reads must not crash the process.
    this.on('error', () => {})
    // Nothing may be read before somebody asks: reading tells a waiting client to go on.
    source.pause()
  }

  /**
   * Begins to read. Resolves to whether the first piece, or the end, came within `patienceMs`, in
   * real time: this is about packets that follow each other.
   */
  async beginsWithin(patienceMs: number): Promise<boolean> {
    this.#source.resume()
    let timer: NodeJS.Timeout | undefined
    const patience = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), patienceMs)
    })
    const begun = await Promise.race([this.#begun.promise.then(() => true), patience])
    clearTimeout(timer)
    return begun
  }

  override _read(): void {
    this.#source.resume()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#begun.resolve()
    // What is still to come is read and thrown away, so that the connection stays in step.
    this.#source.resume()
    done(error)
  }
}
