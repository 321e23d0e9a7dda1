import {Readable} from 'node:stream'
import type {HeaderFields} from './header-fields.ts'

/**
 * A body that can be given away: reads from `source` only while it is read itself, and may be
 * destroyed without destroying the source.
 *
 * Clients of HTTP libraries destroy the bodies they are given. The request of a server must
 * survive that: its connection still has to carry the response, and then the next request.
 */
export class RelayBody extends Readable {
  /** Fields that followed the body. Known when it has ended. */
  trailers: HeaderFields | undefined
  readonly #source: Readable

  /** `trailersOf` is asked when `source` has ended. */
  constructor(source: Readable, trailersOf?: () => HeaderFields | undefined) {
    super()
    this.#source = source
    source.on('data', (chunk: Buffer) => {
      if (!this.destroyed && !this.push(chunk)) source.pause()
    })
    source.on('end', () => {
      this.trailers = trailersOf?.()
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

  override _read(): void {
    this.#source.resume()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    // What is still to come is read and thrown away, so that the connection stays in step.
    this.#source.resume()
    done(error)
  }
}
