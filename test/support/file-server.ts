import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'

/** How a server of a test answers a path: a text, or by itself. */
export type FileAnswer = string | ((request: IncomingMessage, response: ServerResponse) => void)

/** A web server on a loopback port. */
export interface FileServer {
  readonly url: string
  /** The paths asked for, in order. */
  readonly requests: string[]
  answers: Record<string, FileAnswer>
  close(): Promise<void>
}

/** Serves files, and whatever else a test wants to be answered. Whoever starts it closes it. */
export async function startFileServer(answers: Record<string, FileAnswer>): Promise<FileServer> {
  const requests: string[] = []
  const state = {answers}
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    requests.push(path)
    const answer = state.answers[path]
    if (answer === undefined) response.writeHead(404).end('Not Found')
    else if (typeof answer === 'string') response.end(answer)
    else answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const {port} = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    get answers() {
      return state.answers
    },
    set answers(given) {
      state.answers = given
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
