import {closeSync, fdatasync} from 'node:fs'

/**
 * Brings what was written to files onto the disk, without anybody waiting for it.
 *
 * One round is under way at a time; what is written meanwhile makes another one follow. So the
 * machine may lose power and lose no more than the writes of the last two rounds.
 */
export class BackgroundSync {
  /** In the order in which they are brought onto the disk. */
  readonly #descriptors: readonly number[]
  #isRunning = false
  #isWanted = false
  #isClosed = false

  /** Takes the descriptors over, and closes them in the end. */
  constructor(descriptors: readonly number[]) {
    this.#descriptors = descriptors
  }

  /** Called after something was written. */
  request(): void {
    this.#isWanted = true
    if (!this.#isRunning) this.#next(0)
  }

  /** Closes the files, as soon as nothing uses them any more. */
  close(): void {
    this.#isClosed = true
    if (!this.#isRunning) this.#release()
  }

  #next(index: number): void {
    if (index === 0) this.#isWanted = false
    const descriptor = this.#descriptors[index]
    this.#isRunning = descriptor !== undefined && !this.#isClosed
    if (this.#isRunning && descriptor !== undefined) {
      // A disk that cannot do it fails the next write as well, which then says so.
      fdatasync(descriptor, () => this.#next(index + 1))
    } else if (this.#isClosed) this.#release()
    else if (this.#isWanted) this.#next(0)
  }

  #release(): void {
    for (const descriptor of this.#descriptors) closeSync(descriptor)
  }
}
