import type {Probe, ProbeAnswer} from '../../install/step.ts'
import type {Connection} from '../connection.ts'
import {requestThrough} from '../request-through.ts'

/** Requests that go to the gateway of a connection, whatever the URL's host resolves to. */
export function createProbe(connection: Connection): Probe {
  return async (url, {timeoutMs}) => {
    const gateway = await connection.gateway()
    if (gateway.kind === 'in-process') {
      const response = await gateway.fetch(url)
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        text: await response.text(),
      }
    }
    const signal = AbortSignal.timeout(timeoutMs)
    const response = await requestThrough(gateway, {url, method: 'GET', headers: [], signal})
    return {...response, ...(await readAnswer(response))}
  }
}

async function readAnswer(response: {
  headers: readonly (readonly [string, string])[]
  body: AsyncIterable<Uint8Array>
}): Promise<Pick<ProbeAnswer, 'headers' | 'text'>> {
  const chunks: Uint8Array[] = []
  for await (const chunk of response.body) chunks.push(chunk)
  return {
    headers: Object.fromEntries(
      response.headers.map(([name, value]) => [name.toLowerCase(), value]),
    ),
    text: Buffer.concat(chunks).toString('utf8'),
  }
}
