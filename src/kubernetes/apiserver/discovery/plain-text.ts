import type {ApiResponse} from '../../../api/transport.ts'

/** The answer of Go's HTTP server to a path nobody serves. */
export function pageNotFound(): ApiResponse {
  return text(404, '404 page not found\n')
}

/** An answer of plain text. */
export function text(status: number, content: string): ApiResponse {
  return {
    status,
    headers: {'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff'},
    warnings: [],
    body: {kind: 'bytes', chunks: chunksOf(content)},
  }
}

async function* chunksOf(content: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(content)
}
