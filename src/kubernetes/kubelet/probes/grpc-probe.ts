import {connect, constants} from 'node:http2'
import {dialFailure, failed, type ProbeResult, type ProbeTarget} from './probe-target.ts'

const SERVING = 1
const STATUS_NAMES = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN']
const UNIMPLEMENTED = '12'

/**
 * Asks the gRPC health service (`grpc.health.v1.Health/Check`) of the container.
 *
 * The two messages of the protocol have one field each, so they are written and read by hand.
 */
export function probeGrpc(
  target: ProbeTarget,
  {port, service = ''}: {port: number; service?: string},
  signal: AbortSignal,
): Promise<ProbeResult> {
  const upstream = target.endpoint(port)
  const address = `${target.podIp}:${port}`
  if (upstream?.kind !== 'tcp') {
    return Promise.resolve(
      failed(
        `failed to connect service "${address}" within 1s: ${dialFailure(address, undefined)}`,
      ),
    )
  }
  return new Promise((resolve) => {
    const session = connect(`http://${upstream.host}:${upstream.port}`)
    const finish = (result: ProbeResult): void => {
      signal.removeEventListener('abort', onAbort)
      session.destroy()
      resolve(result)
    }
    const onAbort = (): void =>
      finish(failed(`failed to connect service "${address}" within 1s: context deadline exceeded`))
    signal.addEventListener('abort', onAbort, {once: true})
    session.once('error', (error) =>
      finish(failed(`failed to connect service "${address}": ${dialFailure(address, error)}`)),
    )
    const stream = session.request({
      [constants.HTTP2_HEADER_METHOD]: 'POST',
      [constants.HTTP2_HEADER_PATH]: '/grpc.health.v1.Health/Check',
      [constants.HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc',
      [constants.HTTP2_HEADER_TE]: 'trailers',
    })
    const chunks: Buffer[] = []
    let grpcStatus = ''
    const noteStatus = (headers: Record<string, unknown>): void => {
      const value = headers['grpc-status']
      if (typeof value === 'string') grpcStatus = value
    }
    stream.on('response', noteStatus)
    stream.on('trailers', noteStatus)
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.once('error', (error) =>
      finish(failed(`error: health rpc probe failed: ${error.message}`)),
    )
    stream.once('end', () => finish(judge(Buffer.concat(chunks), grpcStatus)))
    stream.end(healthCheckRequest(service))
  })
}

function judge(message: Buffer, grpcStatus: string): ProbeResult {
  if (grpcStatus === UNIMPLEMENTED) {
    return failed(
      'error: this server does not implement the grpc health protocol (grpc.health.v1.Health)',
    )
  }
  if (grpcStatus !== '' && grpcStatus !== '0') {
    return failed(`error: health rpc probe failed with status ${grpcStatus}`)
  }
  // Five bytes of framing, then field 1 as a varint; without it the status is UNKNOWN.
  const status = message[5] === 0x08 ? (message[6] ?? 0) : 0
  if (status === SERVING) return {ok: true}
  return failed(`service unhealthy (responded with "${STATUS_NAMES[status] ?? String(status)}")`)
}

/** HealthCheckRequest in a length-prefixed gRPC frame: field 1, the service's name. */
function healthCheckRequest(service: string): Buffer {
  const name = Buffer.from(service, 'utf8')
  const body =
    name.length === 0 ? Buffer.alloc(0) : Buffer.concat([Buffer.from([0x0a, name.length]), name])
  const frame = Buffer.alloc(5)
  frame.writeUInt32BE(body.length, 1)
  return Buffer.concat([frame, body])
}
