import type {Connection} from '../operations/connection.ts'
import {callService} from '../operations/call-service.ts'

/** How often one answer came, and from which revision. */
export interface AnswerCount {
  readonly answer: string
  readonly revision: string
  readonly count: number
}

/** Sends requests to a Service, ten at a time, and counts the answers. */
export async function countAnswers(
  connection: Connection,
  request: {
    readonly namespace: string
    readonly name: string
    readonly requests: number
    readonly signal: AbortSignal
  },
): Promise<AnswerCount[]> {
  const counts = new Map<string, AnswerCount>()
  let left = request.requests
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      const {answer, revision} = await ask(connection, request)
      const count = (counts.get(answer)?.count ?? 0) + 1
      counts.set(answer, {answer, revision, count})
    }
  }
  await Promise.all(Array.from({length: 10}, work))
  return [...counts.values()].toSorted((left, right) => (left.answer < right.answer ? -1 : 1))
}

async function ask(
  connection: Connection,
  {namespace, name, signal}: {namespace: string; name: string; signal: AbortSignal},
): Promise<{answer: string; revision: string}> {
  const response = await callService(connection, {
    namespace,
    name,
    path: '/',
    method: 'GET',
    headers: [],
    signal,
  })
  const chunks: Uint8Array[] = []
  for await (const chunk of response.body) chunks.push(chunk)
  const answer = Buffer.concat(chunks).toString('utf8').trim()
  return {answer, revision: response.answeredBy.revision ?? 'unknown'}
}
