import type {WatchEvent} from './meta/object.ts'

/** One request to a Kubernetes API server, independent of how it travels. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Escaped path without a query: `/api/v1/namespaces/default/pods/web`. */
  readonly path: string
  readonly query?: Readonly<Record<string, string | readonly string[] | undefined>>
  /** Lower-case names. `content-type` of a PATCH says which kind of patch the body is. */
  readonly headers?: Readonly<Record<string, string>>
  /** The decoded JSON (or YAML) document. Transports encode it. */
  readonly body?: unknown
  /** Ends the request, and the stream of a watch or a log. */
  readonly signal?: AbortSignal
}

/** The events of a watch. Take them in one of the two ways, not in both. */
export interface WatchBody {
  readonly kind: 'watch'
  readonly events: AsyncIterable<WatchEvent>
  /**
   * Where the server is this process: calls `listener` with each event within the write that made
   * it, and `ended` once. Ends when the request's signal aborts. `listener` must not throw.
   */
  readonly subscribe?: (listener: (event: WatchEvent) => void, ended: () => void) => void
}

/** The answer: a document, a stream of watch events, or bytes (logs, health). */
export interface ApiResponse {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  /** Texts of the `Warning` headers. */
  readonly warnings: readonly string[]
  readonly body:
    | {readonly kind: 'json'; readonly value: unknown}
    | WatchBody
    | {readonly kind: 'bytes'; readonly chunks: AsyncIterable<Uint8Array>}
}

/**
 * How requests reach an API server: over HTTPS, or by a direct call into the embedded one.
 *
 * - An answer with a failure status is an answer, not an exception.
 * - Rejects with a `KN_UNREACHABLE` error when there was no answer.
 * - Documents that come from the in-process transport are shared and frozen: copy before changing.
 */
export interface Transport {
  send(request: ApiRequest): Promise<ApiResponse>
}
