import type {ExchangeNotes, HeadHook, ResponseHead} from './exchange.ts'
import {HeaderFields} from './header-fields.ts'
import {
  type AnsweredRequest,
  assertWritable,
  isBodiless,
  judgeInformation,
  judgeResponseHead,
  judgeTrailers,
} from './response-head.ts'

/** The client closed its connection or stream before it had the whole response. */
class ClientGoneError extends Error {
  override readonly name = 'ClientGoneError'

  constructor() {
    super('the client is gone')
  }
}

/**
 * What every kind of exchange does alike: abort, hooks, the judgement of heads, and the state of
 * the response.
 *
 * Subclasses say how a head, a piece of body and an end reach their client. Whatever throws on the
 * way to the client, or is called back from there, ends this exchange and is told to `onFault`.
 */
export abstract class ExchangeBase {
  abstract readonly method: string
  abstract readonly protocol: AnsweredRequest['protocol']
  /** Learns of what went wrong here, as opposed to with the client or the upstream. */
  onFault: ((error: unknown) => void) | undefined
  readonly notes: ExchangeNotes = {}
  status = 0
  hasLength = false
  finished = false
  bytesSent = 0
  #abortReason: Error | undefined
  // Most exchanges have one hook of each kind at a time, so lists are made for further ones only.
  #abortHook: ((reason: Error) => void) | undefined
  #moreAbortHooks: Set<(reason: Error) => void> | undefined
  #headHook: HeadHook | undefined
  #moreHeadHooks: HeadHook[] | undefined
  #controller: AbortController | undefined
  #progress: (() => void) | undefined
  /** Bytes of the body that are still to come; infinite where the head did not say. */
  #bytesLeft = Number.POSITIVE_INFINITY

  get aborted(): boolean {
    return this.#abortReason !== undefined
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const controller = new AbortController()
      this.#controller = controller
      this.onAbort((reason) => controller.abort(reason))
    }
    return this.#controller.signal
  }

  onAbort(run: (reason: Error) => void): () => void {
    if (this.#abortReason !== undefined) {
      run(this.#abortReason)
      return () => {}
    }
    if (this.#abortHook === undefined) this.#abortHook = run
    else (this.#moreAbortHooks ??= new Set()).add(run)
    return () => {
      if (this.#abortHook === run) this.#abortHook = undefined
      else this.#moreAbortHooks?.delete(run)
    }
  }

  abort(reason: Error): void {
    if (this.#abortReason !== undefined) return
    this.#abortReason = reason
    const hook = this.#abortHook
    const more = this.#moreAbortHooks
    this.#abortHook = undefined
    this.#moreAbortHooks = undefined
    if (hook !== undefined) this.#tell(hook, reason)
    if (more !== undefined) for (const another of more) this.#tell(another, reason)
  }

  beforeHead(hook: HeadHook): void {
    if (this.#headHook === undefined) this.#headHook = hook
    else (this.#moreHeadHooks ??= []).push(hook)
  }

  onProgress(run: () => void): void {
    const before = this.#progress
    this.#progress =
      before === undefined
        ? run
        : () => {
            before()
            run()
          }
  }

  inform(status: number, headers = new HeaderFields()): void {
    if (this.status !== 0 || this.finished || !judgeInformation(status, headers)) return
    this.guard(() => this.sendInformation(status, headers))
  }

  start(status: number, headers: HeaderFields): void {
    if (this.status !== 0 || this.finished) return
    judgeResponseHead(status, headers, this)
    const head: ResponseHead = {status, headers}
    const first = this.#headHook
    const more = this.#moreHeadHooks
    // One that throws must not do so again at the answer that tells of it.
    this.#headHook = undefined
    this.#moreHeadHooks = undefined
    // The handler nearest to the client registered first and has the last word.
    if (more !== undefined) for (let at = more.length - 1; at >= 0; at--) more[at]?.(head)
    first?.(head)
    if (first !== undefined) assertWritable(head.status, head.headers, this)
    this.status = head.status
    const length = head.headers.get('content-length')
    this.hasLength = length !== undefined
    if (length !== undefined && this.hasContent) this.#bytesLeft = Number(length)
    this.guard(() => {
      this.sendHead(head.status, head.headers)
      this.#progress?.()
    })
  }

  write(chunk: Uint8Array): boolean {
    // What cannot be sent any more needs no back-pressure either.
    if (this.finished || this.status === 0) return true
    this.bytesSent += chunk.byteLength
    this.#bytesLeft -= chunk.byteLength
    if (this.#bytesLeft < 0) {
      this.breakDown(new Error('the response is longer than its content-length'))
      return true
    }
    try {
      this.#progress?.()
      return this.sendChunk(chunk)
    } catch (error) {
      this.breakDown(error)
      return true
    }
  }

  onDrain(run: () => void): void {
    this.whenDrained(() => this.guard(run))
  }

  end(trailers?: HeaderFields): void {
    if (this.finished || this.status === 0) return
    if (this.#bytesLeft > 0 && Number.isFinite(this.#bytesLeft)) {
      this.breakDown(new Error('the response is shorter than its content-length'))
      return
    }
    this.finished = true
    this.guard(() => {
      if (trailers !== undefined) judgeTrailers(trailers)
      this.sendEnd(trailers)
    })
  }

  respond(status: number, body?: string | Uint8Array, headers?: HeaderFields): void {
    if (this.status !== 0 || this.finished) return
    // What others answered is passed on by `start`.
    this.notes['answeredLocally'] = 1
    const bytes = typeof body === 'string' ? Buffer.from(body) : body
    const fields = headers?.clone() ?? new HeaderFields()
    if (status !== 204 && status !== 304) fields.set('content-length', `${bytes?.length ?? 0}`)
    this.start(status, fields)
    if (bytes !== undefined && bytes.length > 0) this.write(bytes)
    this.end()
  }

  fail(_reason: Error): void {
    if (this.finished) return
    this.finished = true
    this.guard(() => this.breakOff())
  }

  /** Whether content can follow the head, as far as the request and the status say. */
  protected get hasContent(): boolean {
    return this.method !== 'HEAD' && !isBodiless(this.status)
  }

  /** Runs what must not throw at whoever calls: what does costs this exchange only. */
  protected guard(run: () => void): void {
    try {
      run()
    } catch (error) {
      this.breakDown(error)
    }
  }

  /** Something here is broken: breaks the response off, and tells everybody who works on it. */
  protected breakDown(error: unknown): void {
    this.onFault?.(error)
    this.finished = true
    try {
      this.breakOff()
    } catch {
      // It was broken before; the first error is the one that says why.
    }
    this.abort(error instanceof Error ? error : new Error(String(error)))
  }

  /** The client went away: nothing more can be sent, nobody waits. */
  protected clientGone(): void {
    if (this.finished) return
    this.finished = true
    this.abort(new ClientGoneError())
  }

  protected abstract sendInformation(status: number, headers: HeaderFields): void
  protected abstract whenDrained(run: () => void): void
  protected abstract sendHead(status: number, headers: HeaderFields): void
  protected abstract sendChunk(chunk: Uint8Array): boolean
  protected abstract sendEnd(trailers: HeaderFields | undefined): void
  protected abstract breakOff(): void

  #tell(hook: (reason: Error) => void, reason: Error): void {
    try {
      hook(reason)
    } catch (error) {
      // The others must hear of it all the same.
      this.onFault?.(error)
    }
  }
}
