import type {Exchange} from './exchange.ts'
import {HeaderFields} from './header-fields.ts'

/** The content type of answers made here. */
const PLAIN_TEXT = {'content-type': 'text/plain; charset=utf-8'} as const

/**
 * Answers with a text that ends in a newline, in exactly the form Go programs do.
 *
 * Counterpart of Go's `http.Error`.
 */
export function respondError(exchange: Exchange, status: number, text: string): void {
  const headers = HeaderFields.from({...PLAIN_TEXT, 'x-content-type-options': 'nosniff'})
  exchange.respond(status, `${text}\n`, headers)
}

/** Answers with a text as it is. */
export function respondText(exchange: Exchange, status: number, text: string): void {
  exchange.respond(status, text, HeaderFields.from(PLAIN_TEXT))
}
