/** Who is to blame when a command stumbles over what it was given: the program, or a server. */
import type {ApiRequest, ApiResponse, Transport} from '../api/transport.ts'
import {KntoolError} from '../errors/kntool-error.ts'

/** How many answers are remembered; the ones before have been used without trouble. */
const REMEMBERED = 200

/** Remembers what a server answered, to be looked at if a command fails in a way nobody foresaw. */
export class WitnessTransport implements Transport {
  readonly #transport: Transport
  readonly #answers: {readonly path: string; readonly value: unknown}[] = []

  constructor(transport: Transport) {
    this.#transport = transport
  }

  async send(request: ApiRequest): Promise<ApiResponse> {
    const response = await this.#transport.send(request)
    const {body} = response
    if (body.kind === 'json') this.#remember(request.path, body.value)
    if (body.kind !== 'watch') return response
    return {...response, body: {...body, events: this.#watched(request.path, body.events)}}
  }

  /**
   * The error for an answer that is no object of Kubernetes, the last one first; undefined where all are
   * what they should be.
   */
  async blame(cause: unknown): Promise<KntoolError | undefined> {
    const {misfitOf} = await import('./misfit.ts')
    for (const {path, value} of this.#answers.toReversed()) {
      const problem = misfitOf(value, path)
      if (problem === undefined) continue
      return new KntoolError(
        'KN_UNREACHABLE',
        `The server answered ${path} with something that is no object of Kubernetes: ${problem}.`,
        {
          hint: [
            'Check that the address in the kubeconfig is a Kubernetes API server: kubectl cluster-info',
            `Look at the answer: kubectl get --raw '${path}'`,
          ],
          details: {path, problem},
          cause,
        },
      )
    }
    return undefined
  }

  async *#watched<T>(path: string, events: AsyncIterable<T>): AsyncGenerator<T, void> {
    for await (const event of events) {
      const {object} = event as {object?: unknown}
      this.#remember(path, object)
      yield event
    }
  }

  #remember(path: string, value: unknown): void {
    this.#answers.push({path, value})
    if (this.#answers.length > REMEMBERED) this.#answers.shift()
  }
}

/** Whether an error is one that nobody foresaw. */
export function isUnforeseen(error: unknown): boolean {
  if (error instanceof KntoolError) return error.code === 'KN_BUG'
  return error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError
}
