import {PODS} from '../../../api/core/v1.ts'
import {resourcePath} from '../../../api/meta/resource-type.ts'
import type {Client} from '../../../client/client.ts'

const LINES = 5
const LIMIT_BYTES = 8_192

/**
 * The last lines a container wrote; of its previous run when `previous` is set and there was one.
 *
 * Empty when nothing can be read, for whatever reason: the log only illustrates.
 */
export async function lastLogLines(
  client: Client,
  {namespace, pod, container}: {namespace: string; pod: string; container: string},
  {previous}: {previous: boolean},
): Promise<string[]> {
  for (const ofPrevious of previous ? [true, false] : [false]) {
    try {
      const {body} = await client.raw({
        method: 'GET',
        path: resourcePath(PODS, {namespace, name: pod, subresource: 'log'}),
        query: {
          container,
          tailLines: String(LINES),
          limitBytes: String(LIMIT_BYTES),
          previous: ofPrevious ? 'true' : undefined,
        },
      })
      if (body.kind !== 'bytes') return []
      const lines = (await readText(body.chunks)).split('\n').map((line) => line.trimEnd())
      const said = lines.filter((line) => line !== '')
      if (said.length > 0) return said
    } catch {
      // A container that never ran again has no previous log.
    }
  }
  return []
}

async function readText(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of chunks) text += decoder.decode(chunk, {stream: true})
  return text + decoder.decode()
}
