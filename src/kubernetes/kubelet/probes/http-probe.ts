import {request} from 'node:http'
import type {ProbeHandler} from '../../../api/core/v1.ts'
import {KUBELET_USER_AGENT} from '../../../api/networking/headers.ts'
import {callHandler} from '../../../http/in-process.ts'
import {dialFailure, failed, probePort, type ProbeResult, type ProbeTarget} from './probe-target.ts'

type HttpGet = NonNullable<ProbeHandler['httpGet']>

/**
 * Asks by HTTP; 200 to 399 is good. `signal` ends the attempt.
 *
 * TLS is not spoken: inside this cluster nothing serves it to probes.
 */
export async function probeHttp(
  target: ProbeTarget,
  get: HttpGet,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const port = probePort(target, get.port)
  if (port === undefined) return failed(`couldn't find port: ${get.port}`)
  const path = normalizePath(get.path)
  const host = get.host === undefined || get.host === '' ? target.podIp : get.host
  const url = `${(get.scheme ?? 'HTTP').toLowerCase()}://${host}:${port}${path}`
  try {
    const status = await sendRequest(target, {host, port, path, headers: headersOf(get), signal})
    if (status === undefined)
      return failed(`Get "${url}": ${dialFailure(`${host}:${port}`, undefined)}`)
    if (status >= 200 && status < 400) return {ok: true}
    return {...failed(`HTTP probe failed with statuscode: ${status}`), status}
  } catch (error) {
    return failed(`Get "${url}": ${dialFailure(`${host}:${port}`, error)}`)
  }
}

interface ProbeRequest {
  readonly host: string
  readonly port: number
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/** The status of the answer; undefined when nobody listens. */
async function sendRequest(target: ProbeTarget, probe: ProbeRequest): Promise<number | undefined> {
  const {host, port, path, headers, signal} = probe
  if (host !== target.podIp) return overSocket(host, port, probe)
  const handler = target.dial(port)
  if (handler !== undefined) {
    const {host: authority = `${host}:${port}`, ...rest} = headers
    const response = await callHandler(handler, {path, headers: rest, host: authority, signal})
    response.body.destroy()
    return response.status
  }
  const upstream = target.endpoint(port)
  if (upstream === undefined) return undefined
  if (upstream.kind === 'tcp') return overSocket(upstream.host, upstream.port, probe)
  const response = await upstream.handle(
    new Request(`http://${host}:${port}${path}`, {headers: {...headers}, signal}),
  )
  await response.body?.cancel()
  return response.status
}

function overSocket(host: string, port: number, probe: ProbeRequest): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      host,
      port,
      path: probe.path,
      headers: {...probe.headers, connection: 'close'},
      agent: false,
      signal: probe.signal,
    })
    outgoing.on('error', reject)
    outgoing.on('response', (response) => {
      // The status is the answer; a body that never ends must not hold the probe.
      response.destroy()
      resolve(response.statusCode ?? 0)
    })
    outgoing.end()
  })
}

function headersOf(get: HttpGet): Record<string, string> {
  const headers: Record<string, string> = {'user-agent': KUBELET_USER_AGENT, accept: '*/*'}
  for (const {name, value} of get.httpHeaders ?? []) headers[name.toLowerCase()] = value
  return headers
}

function normalizePath(path: string | undefined): string {
  if (path === undefined || path === '') return '/'
  return path.startsWith('/') ? path : `/${path}`
}
