import {PODS} from '../../api/core/v1.ts'
import {resourcePath} from '../../api/meta/resource-type.ts'
import type {Client} from '../../client/client.ts'
import {type LogLine, type LogSource, readLogLines} from './log-line.ts'

/** Which part of a container's log is read. */
export interface LogPart {
  readonly follow?: boolean
  readonly previous?: boolean | undefined
  /** The last so many lines. */
  readonly tail?: number | undefined
  readonly sinceSeconds?: number | undefined
  /** RFC 3339; the server counts in whole seconds. */
  readonly sinceTime?: string | undefined
}

/** The log of a container, line by line. Throws a StatusError when it cannot be read. */
export async function openLog(
  client: Client,
  source: LogSource & {readonly namespace: string},
  {follow, previous, tail, sinceSeconds, sinceTime}: LogPart,
  signal: AbortSignal | undefined,
): Promise<AsyncIterable<LogLine>> {
  const {namespace, pod, container} = source
  const {body} = await client.raw({
    method: 'GET',
    path: resourcePath(PODS, {namespace, name: pod, subresource: 'log'}),
    query: {
      container,
      timestamps: 'true',
      follow: follow ? 'true' : undefined,
      previous: previous ? 'true' : undefined,
      tailLines: tail?.toString(),
      sinceSeconds: sinceSeconds?.toString(),
      sinceTime,
    },
    ...(signal && {signal}),
  })
  return readLogLines(body.kind === 'bytes' ? body.chunks : nothing(), source)
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
