import type {IncomingMessage, ServerResponse} from 'node:http'
import {promisify} from 'node:util'
import {gzip} from 'node:zlib'
import type {Status} from '../../../api/meta/object.ts'
import type {ApiResponse} from '../../../api/transport.ts'
import {printYaml} from '../../../util/yaml/print-yaml.ts'
import {isJsonObject} from '../json-value.ts'
import {goQuote} from '../validation/field-error.ts'
import {encodeDocument, encodeEvent} from './encode.ts'
import {encodeStatus, PROTOBUF_TYPE} from './protobuf-status.ts'

const compress = promisify(gzip)

/** Smaller answers cost more to compress than to send. */
const GZIP_FROM_BYTES = 128 * 1024

/** Writes an answer to the network: JSON, YAML, a stream of events or bytes. */
export async function respond(
  answer: ApiResponse,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const {status, headers, warnings, body} = answer
  response.statusCode = status
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  response.setHeader('cache-control', 'no-cache, private')
  if (warnings.length > 0) {
    response.setHeader(
      'warning',
      [...new Set(warnings)].map((text) => headerText(`299 - ${goQuote(text)}`)),
    )
  }
  // A body we did not read to its end would be taken for the next request.
  if (!request.complete) response.setHeader('connection', 'close')
  if (request.method === 'HEAD') {
    response.end()
    return
  }
  switch (body.kind) {
    case 'json':
      await sendDocument(body.value, request, response)
      return
    case 'watch':
      await sendStream(mapAsync(body.events, encodeEvent), response)
      return
    case 'bytes':
      await sendStream(body.chunks, response)
  }
}

/** Headers are bytes: Node.js takes each character for one, Go writes and reads UTF-8. */
function headerText(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

async function sendDocument(
  value: unknown,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const accepted = String(request.headers.accept ?? '')
  if (response.statusCode === 406 && accepted.startsWith(PROTOBUF_TYPE) && isStatus(value)) {
    response.setHeader('content-type', PROTOBUF_TYPE)
    response.end(encodeStatus(value))
    return
  }
  const isYaml = response.getHeader('content-type') === 'application/yaml'
  const text = isYaml ? printYaml(JSON.parse(encodeDocument(value))) : `${encodeDocument(value)}\n`
  let content = Buffer.from(text)
  const encodings = String(request.headers['accept-encoding'] ?? '')
  if (content.length > GZIP_FROM_BYTES && encodings.includes('gzip')) {
    content = await compress(content, {level: 1})
    response.setHeader('content-encoding', 'gzip')
    response.setHeader('vary', 'Accept-Encoding')
  }
  response.setHeader('content-length', content.length)
  response.end(content)
}

function isStatus(value: unknown): value is Status {
  return isJsonObject(value) && value['kind'] === 'Status'
}

async function* mapAsync<T, U>(items: AsyncIterable<T>, map: (item: T) => U): AsyncGenerator<U> {
  for await (const item of items) yield map(item)
}

/** Writes chunks as they come, no faster than the client reads. */
async function sendStream(
  chunks: AsyncIterable<Uint8Array | string>,
  response: ServerResponse,
): Promise<void> {
  const closed = new Promise((resolve) => response.once('close', resolve))
  response.flushHeaders()
  for await (const chunk of chunks) {
    if (response.destroyed) break
    if (response.write(chunk)) continue
    await Promise.race([new Promise((resolve) => response.once('drain', resolve)), closed])
  }
  response.end()
}
