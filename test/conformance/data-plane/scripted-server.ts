/** Applications that record what they are asked and answer as they are told, on raw sockets. */
import {createServer as createHttp2Server, type ServerHttp2Stream} from 'node:http2'
import {type AddressInfo, createServer, type Server, type Socket} from 'node:net'
import type {Scripted} from './response-shapes.ts'

/** What an application saw of one request. */
export interface SeenRequest {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  body: string
  trailers: Readonly<Record<string, string>>
  isComplete: boolean
}

/** How the bytes of an answer are sent. */
export interface Script extends Scripted {
  /** Ends of pieces that are sent one after another; none for all at once. */
  readonly cuts: readonly number[]
  readonly pauseMs: number
}

/** An application that answers `/<id>` with the script of that id. */
export interface ScriptedServer {
  readonly port: number
  readonly scripts: Map<string, Script>
  /** By id; more than one where a request was sent again. */
  readonly seen: Map<string, SeenRequest[]>
  /** What is no request, or one for nobody. */
  readonly strays: string[]
  close(): void
}

/** Starts one that speaks HTTP/1.1, read by rules of its own, as strictly as can be. */
export async function startHttp1Server(): Promise<ScriptedServer> {
  const scripts = new Map<string, Script>()
  const seen = new Map<string, SeenRequest[]>()
  const strays: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer({allowHalfOpen: true, noDelay: true}, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    socket.on('end', () => socket.end())
    void serveConnection(socket, {scripts, seen, strays})
  })
  return {port: await listen(server), scripts, seen, strays, close: () => shut(server, sockets)}
}

function shut(server: Server, sockets: Set<Socket>): void {
  server.close()
  for (const socket of sockets) socket.destroy()
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

type Records = Pick<ScriptedServer, 'scripts' | 'seen' | 'strays'>

/** Reads from a socket by lines and counts, in the order things come. */
class Reader {
  #text = ''
  #isEnded = false
  #wake: (() => void) | undefined

  constructor(socket: Socket) {
    const wake = (): void => this.#wake?.()
    socket.on('data', (chunk: Buffer) => {
      this.#text += chunk.toString('latin1')
      wake()
    })
    const end = (): void => {
      this.#isEnded = true
      wake()
    }
    socket.on('end', end)
    socket.on('close', end)
  }

  /** The text up to `mark`, without it; undefined when the connection ends before. */
  async until(mark: string): Promise<string | undefined> {
    for (;;) {
      const at = this.#text.indexOf(mark)
      if (at >= 0) {
        const text = this.#text.slice(0, at)
        this.#text = this.#text.slice(at + mark.length)
        return text
      }
      if (this.#isEnded) return undefined
      await this.#more()
    }
  }

  /** Exactly so many bytes, told piece by piece. False when the connection ends before. */
  async take(count: number, onPiece: (text: string) => void): Promise<boolean> {
    let left = count
    while (left > 0) {
      const piece = this.#text.slice(0, left)
      this.#text = this.#text.slice(piece.length)
      left -= piece.length
      if (piece !== '') onPiece(piece)
      else if (this.#isEnded) return false
      else await this.#more()
    }
    return true
  }

  get rest(): string {
    return this.#text
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }
}

async function serveConnection(socket: Socket, {scripts, seen, strays}: Records): Promise<void> {
  const reader = new Reader(socket)
  for (;;) {
    const head = await reader.until('\r\n\r\n')
    if (head === undefined) {
      if (reader.rest !== '') strays.push(reader.rest)
      return
    }
    const [line = '', ...lines] = head.split('\r\n')
    const [, method = '', id = ''] = /^([A-Z]+) \/([\w-]+) HTTP\/1\.1$/.exec(line) ?? []
    const script = scripts.get(id)
    if (script === undefined) {
      strays.push(head)
      socket.destroy()
      return
    }
    const request: SeenRequest = {
      method,
      headers: recordOf(lines),
      body: '',
      trailers: {},
      isComplete: false,
    }
    seen.set(id, [...(seen.get(id) ?? []), request])
    if (script.isEarly !== true) {
      if (request.headers['expect'] !== undefined) socket.write('HTTP/1.1 100 Continue\r\n\r\n')
      if (!(await readBody(reader, request))) return
    }
    await send(socket, script)
    if (script.end === 'reset') socket.resetAndDestroy()
    if (script.end === 'close') socket.end()
    if (script.end !== undefined) return
    // The rest of a body that was answered early.
    if (script.isEarly === true && !(await readBody(reader, request))) return
  }
}

function recordOf(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )
}

async function readBody(reader: Reader, request: SeenRequest): Promise<boolean> {
  const add = (text: string): void => {
    request.body += text
  }
  if (request.headers['transfer-encoding'] === undefined) {
    const length = Number(request.headers['content-length'] ?? 0)
    request.isComplete = await reader.take(length, add)
    return request.isComplete
  }
  for (;;) {
    const size = await reader.until('\r\n')
    if (size === undefined) return false
    if (!/^[\da-f]+$/.test(size)) throw new Error(`no size of a chunk: ${size}`)
    if (size === '0') break
    if (!(await reader.take(Number.parseInt(size, 16), add))) return false
    if ((await reader.until('\r\n')) !== '') return false
  }
  const lines: string[] = []
  for (;;) {
    const line = await reader.until('\r\n')
    if (line === undefined) return false
    if (line === '') break
    lines.push(line)
  }
  request.trailers = recordOf(lines)
  request.isComplete = true
  return true
}

async function send(socket: Socket, {bytes, cuts, pauseMs}: Script): Promise<void> {
  let start = 0
  for (const cut of cuts) {
    if (cut <= start || cut >= bytes.length) continue
    socket.write(bytes.slice(start, cut), 'latin1')
    start = cut
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
  await new Promise<void>((resolve) => {
    if (socket.destroyed) resolve()
    else socket.write(bytes.slice(start), 'latin1', () => resolve())
    socket.once('close', () => resolve())
  })
}

/** Starts one that speaks HTTP/2 without TLS; `scripts` decide by their outcome alone. */
export async function startH2cServer(): Promise<ScriptedServer> {
  const scripts = new Map<string, Script>()
  const seen = new Map<string, SeenRequest[]>()
  const strays: string[] = []
  const server = createHttp2Server()
  server.on('sessionError', () => {})
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => sockets.add(socket))
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {})
    const id = String(headers[':path']).slice(1)
    const script = scripts.get(id)
    if (script === undefined) {
      strays.push(id)
      stream.close()
      return
    }
    const request: SeenRequest = {
      method: String(headers[':method']),
      headers: headers as Record<string, string>,
      body: '',
      trailers: {},
      isComplete: false,
    }
    seen.set(id, [...(seen.get(id) ?? []), request])
    stream.on('data', (chunk: Buffer) => (request.body += chunk.toString('latin1')))
    stream.on('trailers', (trailers) => (request.trailers = trailers as Record<string, string>))
    stream.on('end', () => {
      request.isComplete = stream.rstCode === 0 && !stream.aborted
      if (request.isComplete) answerStream(stream, id, script)
    })
  })
  return {port: await listen(server), scripts, seen, strays, close: () => shut(server, sockets)}
}

function answerStream(
  stream: ServerHttp2Stream,
  id: string,
  {outcome, cuts, pauseMs}: Script,
): void {
  if (stream.destroyed) return
  if (outcome.kind === 'failure') {
    if (cuts.length > 0) {
      stream.respond({':status': 200, 'x-id': id})
      stream.write('half')
    }
    setTimeout(() => stream.destroyed || stream.destroy(new Error('broken')), pauseMs)
    return
  }
  const {status, content} = outcome
  const trailers = outcome.kind === 'answer' ? outcome.trailers : undefined
  if (content === '' && trailers === undefined) {
    stream.respond({':status': status, 'x-id': id}, {endStream: true})
    return
  }
  stream.respond({':status': status, 'x-id': id}, {waitForTrailers: trailers !== undefined})
  stream.on('wantTrailers', () => stream.sendTrailers({...trailers}))
  const half = Math.ceil(content.length / 2)
  stream.write(Buffer.from(content.slice(0, half), 'latin1'))
  setTimeout(
    () => stream.destroyed || stream.end(Buffer.from(content.slice(half), 'latin1')),
    pauseMs,
  )
}
