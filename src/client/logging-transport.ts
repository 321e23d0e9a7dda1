import type {ApiRequest, ApiResponse, Transport} from '../api/transport.ts'
import type {Clock} from '../util/clock.ts'

/**
 * Says of every request what was asked and how it was answered: `GET /version 200 in 12 ms`. Never
 * a header or a body, in which secrets may be.
 */
export class LoggingTransport implements Transport {
  readonly #transport: Transport
  readonly #clock: Clock
  readonly #log: (line: string) => void

  constructor(transport: Transport, clock: Clock, log: (line: string) => void) {
    this.#transport = transport
    this.#clock = clock
    this.#log = log
  }

  async send(request: ApiRequest): Promise<ApiResponse> {
    const startedMs = this.#clock.now()
    const asked = `${request.method} ${request.path}${queryOf(request)}`
    const took = (): string => `in ${Math.round(this.#clock.now() - startedMs)} ms`
    try {
      const response = await this.#transport.send(request)
      this.#log(`${asked} ${response.status} ${took()}`)
      return response
    } catch (error) {
      this.#log(`${asked} without an answer ${took()}`)
      throw error
    }
  }
}

function queryOf({query = {}}: ApiRequest): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    const values = typeof value === 'string' ? [value] : (value ?? [])
    for (const item of values) parameters.append(name, item)
  }
  return parameters.size === 0 ? '' : `?${parameters.toString()}`
}
