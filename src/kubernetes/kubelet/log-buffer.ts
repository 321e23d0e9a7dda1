import {TextDecoder} from 'node:util'
import type {LogStream} from '../runtimes/runtime.ts'

/** One line of output, without its newline. */
export interface LogLine {
  readonly timeMs: number
  readonly stream: LogStream
  readonly text: string
}

/** What one container may keep of its output, in characters. */
const MAX_CHARACTERS = 1_000_000
/** A line longer than this is cut into several, as container engines do. */
const MAX_LINE = 16_384

/**
 * The newest output of one run of a container, by lines. Old lines go when it gets too much.
 *
 * Followers see every line that is added after they began, in order.
 */
export class LogBuffer {
  readonly #now: () => number
  readonly #lines: LogLine[] = []
  readonly #partial = new Map<LogStream, {decoder: TextDecoder; text: string}>()
  readonly #followers = new Set<() => void>()
  #characters = 0
  #dropped = 0
  #closed = false

  /** `now`: milliseconds since the epoch, for the time of each line. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** Whether the container has ended: nothing will be added. */
  get closed(): boolean {
    return this.#closed
  }

  /** Adds output as it comes; a line is complete at its newline. */
  write(stream: LogStream, chunk: string | Uint8Array): void {
    let partial = this.#partial.get(stream)
    if (partial === undefined) {
      partial = {decoder: new TextDecoder(), text: ''}
      this.#partial.set(stream, partial)
    }
    const text = typeof chunk === 'string' ? chunk : partial.decoder.decode(chunk, {stream: true})
    const pieces = (partial.text + text).split('\n')
    partial.text = pieces.pop() ?? ''
    for (const piece of pieces) this.#add(stream, piece)
    while (partial.text.length > MAX_LINE) {
      this.#add(stream, partial.text.slice(0, MAX_LINE))
      partial.text = partial.text.slice(MAX_LINE)
    }
    this.#wake()
  }

  /** Completes the last lines; followers end. */
  close(): void {
    for (const [stream, {decoder, text}] of this.#partial) {
      const rest = text + decoder.decode()
      if (rest !== '') this.#add(stream, rest)
    }
    this.#partial.clear()
    this.#closed = true
    this.#wake()
  }

  /** The lines that are kept, oldest first. */
  lines(): readonly LogLine[] {
    return this.#lines
  }

  /** Lines from number `index` on, counted from the first that was ever written. */
  from(index: number): {lines: readonly LogLine[]; next: number} {
    const start = Math.max(0, index - this.#dropped)
    return {lines: this.#lines.slice(start), next: this.#dropped + this.#lines.length}
  }

  /** Resolves when something was added, the container ended, or `signal` aborts. */
  changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#followers.delete(done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      this.#followers.add(done)
      signal.addEventListener('abort', done, {once: true})
      if (signal.aborted || this.#closed) done()
    })
  }

  #add(stream: LogStream, text: string): void {
    this.#lines.push({timeMs: this.#now(), stream, text})
    this.#characters += text.length + 1
    if (this.#characters <= MAX_CHARACTERS) return
    let drop = 0
    // A tenth more than needed, so that the next line does not move everything again.
    while (this.#characters > MAX_CHARACTERS * 0.9 && drop < this.#lines.length - 1) {
      this.#characters -= (this.#lines[drop]?.text.length ?? 0) + 1
      drop += 1
    }
    this.#lines.splice(0, drop)
    this.#dropped += drop
  }

  #wake(): void {
    for (const follower of this.#followers) follower()
  }
}
