import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {request as httpRequest} from 'node:http'
import {Agent, request as httpsRequest} from 'node:https'
import {join} from 'node:path'
import {createInterface} from 'node:readline'

/** Where the measured cluster listens. */
export interface ServerAddress {
  readonly kubeconfig: string
  readonly apiUrl: string
  readonly gatewayUrl: string
}

/** One request as it goes onto the wire. */
export interface WireRequest {
  readonly method?: string
  /** Of the API; of the gateway with its host in `headers`. */
  readonly path: string
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  readonly toGateway?: boolean
}

/** What came of one. */
export interface WireAnswer {
  readonly status: number
  readonly text: string
}

/** A cluster in another process that says how long its event loop stood still. */
export class MeasuredServer {
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>
  readonly #agent = new Agent({keepAlive: true, rejectUnauthorized: false})
  #address: ServerAddress = {kubeconfig: '', apiUrl: '', gatewayUrl: ''}

  private constructor(child: ChildProcess, lines: AsyncIterator<string>) {
    this.#child = child
    this.#lines = lines
  }

  /** Starts one; the caller stops it. */
  static async start(): Promise<MeasuredServer> {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'server.ts')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const lines = createInterface({input: child.stdout})[Symbol.asyncIterator]()
    const server = new MeasuredServer(child, lines)
    server.#address = JSON.parse(await server.#line()) as ServerAddress
    return server
  }

  /** The longest piece of work since the last time this was asked, in ms of CPU time. */
  async longestStallMs(): Promise<number> {
    this.#child.stdin?.write('\n')
    return Number(await this.#line())
  }

  /** Sends a request; one that gets no answer has status 0. */
  send({method = 'GET', path, type, headers, body, toGateway}: WireRequest): Promise<WireAnswer> {
    const {apiUrl, gatewayUrl, kubeconfig} = this.#address
    const options = {
      method,
      headers: {
        ...(toGateway !== true && {authorization: `Bearer ${tokenIn(kubeconfig)}`}),
        ...(type !== undefined && {'content-type': type}),
        ...(body !== undefined && {'content-length': Buffer.byteLength(body)}),
        ...headers,
      },
    }
    return new Promise((resolve) => {
      const fail = (error: Error): void => resolve({status: 0, text: error.message})
      const sent =
        toGateway === true
          ? httpRequest(`${gatewayUrl}${path}`, options)
          : httpsRequest(`${apiUrl}${path}`, {...options, agent: this.#agent})
      sent.on('error', fail)
      sent.on('response', (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
        response.on('error', fail)
        response.on('end', () => resolve({status: response.statusCode ?? 0, text}))
      })
      sent.end(body)
    })
  }

  async stop(): Promise<void> {
    this.#agent.destroy()
    this.#child.stdin?.end()
    await once(this.#child, 'exit')
  }

  async #line(): Promise<string> {
    const {value, done} = await this.#lines.next()
    if (done === true) throw new Error('the measured server has ended')
    return value as string
  }
}

function tokenIn(kubeconfig: string): string {
  return /token: (\S+)/.exec(kubeconfig)?.[1] ?? ''
}
