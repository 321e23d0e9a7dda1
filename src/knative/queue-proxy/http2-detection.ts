/**
 * Readiness probes where `autodetect-http2` is on: which HTTP a container speaks is asked first.
 *
 * Counterpart of `http2UpgradeProbe` in knative.dev/serving `pkg/queue/health`.
 */
import {request as httpRequest} from 'node:http'
import {constants} from 'node:http2'
import type {ProbeHandler} from '../../api/core/v1.ts'
import {KUBE_PROBE_USER_AGENT} from '../../api/networking/headers.ts'
import type {ContainerAddress} from './container-address.ts'
import {isReadyStatus, notReady, pathOfProbe, probeHeaders} from './container-probes.ts'
import {probeOverHttp2} from './http2-probe.ts'

type HttpGet = NonNullable<ProbeHandler['httpGet']>

/**
 * Checks that a container is ready that may speak HTTP/1 or HTTP/2 without TLS.
 *
 * One that does not agree to change to HTTP/2 has shown with its answer that it is ready; one that
 * does is asked as any probe asks, by HTTP/2.
 */
export async function probeHttpOfAnyVersion(
  address: ContainerAddress,
  action: HttpGet,
  timeoutMs: number,
): Promise<void> {
  const version = await offerHttp2(address, action, timeoutMs)
  if (version === 2) await probeHttp2(address, action, timeoutMs)
}

/** Offers to change to HTTP/2. Resolves to the version the container chose; rejects if not ready. */
function offerHttp2(address: ContainerAddress, action: HttpGet, timeoutMs: number): Promise<1 | 2> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      ...address,
      method: 'OPTIONS',
      path: pathOfProbe(action),
      agent: false,
      headers: {
        connection: 'Upgrade, HTTP2-Settings',
        upgrade: 'h2c',
        'http2-settings': '',
        'user-agent': KUBE_PROBE_USER_AGENT,
      },
      timeout: timeoutMs,
    })
    request.on('timeout', () => request.destroy(new Error('i/o timeout')))
    request.on('error', reject)
    request.on('upgrade', (response, socket) => {
      socket.destroy()
      if (response.headers.upgrade === 'h2c') resolve(2)
      else reject(notReady(response.statusCode ?? 0))
    })
    request.on('response', (response) => {
      const status = response.statusCode ?? 0
      request.destroy()
      if (isReadyStatus(status)) resolve(1)
      else reject(notReady(status))
    })
    request.end()
  })
}

function probeHttp2(address: ContainerAddress, action: HttpGet, timeoutMs: number): Promise<void> {
  const limit = {timeoutMs, timeoutText: 'i/o timeout'}
  return probeOverHttp2(address, limit, (session, settle) => {
    const stream = session.request(
      {...probeHeaders(action), [constants.HTTP2_HEADER_PATH]: pathOfProbe(action)},
      {endStream: true},
    )
    stream.on('response', (headers) => {
      const status = Number(headers[constants.HTTP2_HEADER_STATUS])
      settle(isReadyStatus(status) ? undefined : notReady(status))
    })
    return stream
  })
}
