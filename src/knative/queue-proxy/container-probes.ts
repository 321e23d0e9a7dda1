import {request as httpRequest} from 'node:http'
import {connect as connectTcp} from 'node:net'
import type {ProbeHandler} from '../../api/core/v1.ts'
import {KUBE_PROBE_USER_AGENT} from '../../api/networking/headers.ts'
import type {HandlerUpstream} from '../../http/upstream.ts'
import type {ContainerAddress} from './container-address.ts'
import {probeOverHttp2} from './http2-probe.ts'

/** Checks that a connection can be opened. Rejects with the reason why not. */
export function probeTcp(address: ContainerAddress, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp(address)
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error('i/o timeout')))
    socket.on('connect', () => {
      socket.destroy()
      resolve()
    })
    socket.on('error', reject)
  })
}

/** Checks that a GET is answered with a status from 200 to 399. */
export function probeHttp(
  address: ContainerAddress,
  action: NonNullable<ProbeHandler['httpGet']>,
  timeoutMs: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      ...address,
      path: pathOfProbe(action),
      agent: false,
      headers: probeHeaders(action),
      timeout: timeoutMs,
    })
    request.on('timeout', () => request.destroy(new Error('i/o timeout')))
    request.on('error', reject)
    request.on('response', (response) => {
      const status = response.statusCode ?? 0
      // The answer is in the head; the connection is of no further use.
      request.destroy()
      if (isReadyStatus(status)) resolve()
      else reject(notReady(status))
    })
    request.end()
  })
}

/** {@link probeHttp} for a container that is a function. */
export async function probeHandler(
  upstream: HandlerUpstream,
  action: NonNullable<ProbeHandler['httpGet']>,
): Promise<void> {
  const headers = new Headers(probeHeaders(action))
  const request = new Request(`http://127.0.0.1${pathOfProbe(action)}`, {headers})
  const response = await upstream.handle(request)
  await response.body?.cancel()
  if (!isReadyStatus(response.status)) throw notReady(response.status)
}

/**
 * Asks the gRPC health service (`grpc.health.v1.Health/Check`) whether the container serves.
 *
 * The two messages have one field each, so they are written and read here by hand.
 */
export function probeGrpc(
  address: ContainerAddress,
  service: string,
  timeoutMs: number,
): Promise<void> {
  const limit = {timeoutMs, timeoutText: 'health rpc did not complete in time'}
  return probeOverHttp2(address, limit, (session, settle) => {
    const stream = session.request({
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      'user-agent': KUBE_PROBE_USER_AGENT,
      te: 'trailers',
    })
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('end', () => {
      const serving = isServing(Buffer.concat(chunks))
      settle(serving ? undefined : new Error('service unhealthy'))
    })
    stream.end(healthCheckRequest(service))
    return stream
  })
}

/** A gRPC frame around `HealthCheckRequest {string service = 1}`. */
function healthCheckRequest(service: string): Buffer {
  const name = Buffer.from(service)
  const message = name.length === 0 ? name : Buffer.concat([Buffer.of(0x0a, name.length), name])
  const frame = Buffer.alloc(5)
  frame.writeUInt32BE(message.length, 1)
  return Buffer.concat([frame, message])
}

/** Whether the frame holds `HealthCheckResponse {status = SERVING (1)}`. */
function isServing(frame: Buffer): boolean {
  return frame.length >= 7 && frame[5] === 0x08 && frame[6] === 1
}

/** The path a probe asks for; `/` in front is added. */
export function pathOfProbe(action: NonNullable<ProbeHandler['httpGet']>): string {
  return `/${(action.path ?? '').replace(/^\//, '')}`
}

/** The fields of a probe by HTTP. */
export function probeHeaders(action: NonNullable<ProbeHandler['httpGet']>): Record<string, string> {
  const headers: Record<string, string> = {'user-agent': KUBE_PROBE_USER_AGENT}
  for (const {name, value} of action.httpHeaders ?? []) headers[name.toLowerCase()] = value
  return headers
}

/** Whether an answer means that the container is ready. */
export function isReadyStatus(status: number): boolean {
  return status >= 200 && status < 400
}

/** Why an answer means that it is not. */
export function notReady(status: number): Error {
  return new Error(`HTTP probe did not respond Ready, got status code: ${status}`)
}
