import type {ExchangeNotes, HeadHook, ResponseHead} from './exchange.ts'
import {HeaderFields} from './header-fields.ts'

/** The client closed its connection or stream before it had the whole response. */
class ClientGoneError extends Error {
  override readonly name = 'ClientGoneError'

  constructor() {
    super('the client is gone')
  }
}

/**
 * What every kind of exchange does alike: abort, hooks, and the state of the response.
 *
 * Subclasses say how a head, a piece of body and an end reach their client.
 */
export abstract class ExchangeBase {
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
    hook?.(reason)
    if (more !== undefined) for (const another of more) another(reason)
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

  start(status: number, headers: HeaderFields): void {
    if (this.status !== 0 || this.finished) return
    const head: ResponseHead = {status, headers}
    const more = this.#moreHeadHooks
    // The handler nearest to the client registered first and has the last word.
    if (more !== undefined) for (let at = more.length - 1; at >= 0; at--) more[at]?.(head)
    this.#headHook?.(head)
    this.status = head.status
    this.hasLength = head.headers.has('content-length')
    this.sendHead(head.status, head.headers)
    this.#progress?.()
  }

  write(chunk: Uint8Array): boolean {
    // What cannot be sent any more needs no back-pressure either.
    if (this.finished || this.status === 0) return true
    this.bytesSent += chunk.byteLength
    this.#progress?.()
    return this.sendChunk(chunk)
  }

  end(trailers?: HeaderFields): void {
    if (this.finished || this.status === 0) return
    this.finished = true
    this.sendEnd(trailers)
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
    this.breakOff()
  }

  /** The client went away: nothing more can be sent, nobody waits. */
  protected clientGone(): void {
    if (this.finished) return
    this.finished = true
    this.abort(new ClientGoneError())
  }

  protected abstract sendHead(status: number, headers: HeaderFields): void
  protected abstract sendChunk(chunk: Uint8Array): boolean
  protected abstract sendEnd(trailers: HeaderFields | undefined): void
  protected abstract breakOff(): void
}
