import type {JsonObject} from './json-value.ts'

/** The body of a request before anybody looked into it. */
export type Body =
  | {readonly kind: 'none'}
  /** A document from inside the process. Never changed, never kept. */
  | {readonly kind: 'document'; readonly value: unknown}
  /** Bytes from the network, with the content type they came with. */
  | {readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly type: string | undefined}

/** A document that was read, and the paths of fields that were in it twice. */
export interface ReadDocument {
  readonly value: JsonObject
  readonly duplicates: readonly string[]
}
