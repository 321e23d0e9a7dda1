/** Recorded HTTP exchanges with a genuine API server, and how to send them again. */
import {existsSync, readdirSync, readFileSync} from 'node:fs'
import * as https from 'node:https'
import {join} from 'node:path'

/** One request as it was sent, with the genuine answer. */
export interface Exchange {
  /** `027-cm-create.json` */
  readonly file: string
  readonly request: RecordedRequest
  readonly response: HttpAnswer
  /** Seconds the recording waited before it. */
  readonly delaySeconds: number
}

export interface RecordedRequest {
  readonly method: string
  readonly path: string
  readonly contentType?: string | null
  readonly accept?: string | null
  readonly headers?: Readonly<Record<string, string>> | null
  readonly body?: unknown
  readonly bodyBase64?: string | null
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** A JSON document, or the text. */
  readonly body: unknown
}

/** The recordings beside the repository; undefined where they are not. */
export function goldenHttpDirectory(name: string): string | undefined {
  const directory = join(import.meta.dirname, '../../../shared/golden', name)
  return existsSync(directory) ? directory : undefined
}

/** The exchanges of a folder, in order. */
export function readExchanges(directory: string): Exchange[] {
  const delays = readDelays(directory)
  return readdirSync(directory)
    .filter((file) => /^\d{3}-.*\.json$/.test(file))
    .toSorted()
    .flatMap((file) => {
      const recording = JSON.parse(readFileSync(join(directory, file), 'utf8')) as Partial<Exchange>
      const {request, response} = recording
      if (request === undefined || response === undefined) return []
      return [{file, request, response, delaySeconds: delays[file] ?? 0}]
    })
}

/** Delays are in the folder, or in one beside the tools with the folder's name. */
function readDelays(directory: string): Record<string, number> {
  const name = directory.split('/').at(-1) ?? ''
  const places = [directory, join(directory, '../../tools', `sidecar-${name}`)]
  const file = places.map((place) => join(place, 'delays.json')).find((path) => existsSync(path))
  return file === undefined
    ? {}
    : (JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>)
}

/** Where to send requests. */
export interface HttpTarget {
  readonly port: number
  readonly ca: string
  readonly token: string
}

/** Sends a request and reads the whole answer. */
export function sendHttp(
  {port, ca, token}: HttpTarget,
  request: RecordedRequest,
  body: Uint8Array | undefined,
): Promise<HttpAnswer> {
  const {method, path, contentType, accept, headers} = request
  return new Promise((resolve, reject) => {
    const outgoing = https.request({
      host: '127.0.0.1',
      port,
      ca,
      method,
      path,
      agent: false,
      headers: {
        ...headers,
        authorization: `Bearer ${token}`,
        ...(accept !== undefined && accept !== null && {accept}),
        ...(body !== undefined && {'content-length': body.length}),
        ...(body !== undefined && contentType && {'content-type': contentType}),
      },
    })
    outgoing.on('error', reject)
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('error', reject)
      incoming.on('end', () => {
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headersDistinct,
          body: parse(Buffer.concat(chunks).toString('utf8')),
        })
      })
    })
    outgoing.end(body)
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}
