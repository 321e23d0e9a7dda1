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

  constructor(source: Readable) {
    super()
    this.#source = source
    source.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) source.pause()
    })
    source.on('end', () => this.push(null))
    source.on('error', (error) => this.destroy(error))
    source.on('close', () => {
      if (!source.readableEnded) this.destroy(new Error('the body was cut off'))
    })
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
