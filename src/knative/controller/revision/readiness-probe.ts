/** Probes on their way from the author's container to kubelet and queue-proxy. */
import type {Probe} from '../../../api/core/v1.ts'
import type {Revision} from '../../../api/serving/v1.ts'
import {cloneJson} from '../../../util/json.ts'
import {servingContainer, userPort} from '../serving-container.ts'
import {escapeJson} from '../../../util/go/json.ts'

const LOCAL = '127.0.0.1'
/** Marks a probe of kubelet where a mesh rewrites probes and drops kubelet's user agent. */
const KUBELET_PROBE_HEADER = {name: 'K-Kubelet-Probe', value: 'queue'}

/**
 * The author's readiness probe as the queue-proxy runs it, as JSON; empty when there is none.
 *
 * The activator asks the queue-proxy whether a pod is ready instead of waiting for kubelet, so the
 * queue-proxy has to know what ready means.
 */
export function encodeReadinessProbe(revision: Revision): string {
  const probe = servingContainer(revision).readinessProbe
  return probe === undefined ? '' : encodeProbe(aimAtUserContainer(probe, userPort(revision)))
}

/** The probe, pointed at the program from inside its pod. An `exec` becomes a TCP connection. */
function aimAtUserContainer(probe: Probe, defaultPort: number): Probe {
  const {exec, ...aimed} = cloneJson(probe)
  const port = probePort(probe) || defaultPort
  if (aimed.httpGet !== undefined) {
    const {httpGet} = aimed
    httpGet.host = LOCAL
    httpGet.port = port
    httpGet.scheme ||= 'HTTP'
    httpGet.httpHeaders = [...(httpGet.httpHeaders ?? []), KUBELET_PROBE_HEADER]
  } else if (aimed.tcpSocket !== undefined) {
    aimed.tcpSocket.host = LOCAL
    aimed.tcpSocket.port = port
  } else if (exec !== undefined) {
    // The command itself still runs in the user's container, by kubelet.
    aimed.tcpSocket = {host: LOCAL, port}
  } else if (aimed.grpc !== undefined) {
    aimed.grpc.port = port
  }
  if ((aimed.periodSeconds ?? 0) > 0 && (aimed.timeoutSeconds ?? 0) < 1) aimed.timeoutSeconds = 1
  return aimed
}

/** The port a probe names by number; 0 when it names none, or names it by name. */
function probePort({httpGet, tcpSocket, grpc}: Probe): number {
  const port = httpGet?.port ?? tcpSocket?.port ?? grpc?.port ?? 0
  return typeof port === 'number' ? port : 0
}

/** A probe as Go's `json.Marshal` writes it: fields in this order, without empty ones. */
function encodeProbe(probe: Probe): string {
  const {httpGet, tcpSocket, grpc} = probe
  const text = JSON.stringify({
    ...(httpGet !== undefined && {
      httpGet: {
        path: httpGet.path || undefined,
        port: httpGet.port,
        host: httpGet.host,
        scheme: httpGet.scheme,
        httpHeaders: httpGet.httpHeaders?.map(({name, value}) => ({name, value})),
      },
    }),
    ...(tcpSocket !== undefined && {tcpSocket: {port: tcpSocket.port, host: tcpSocket.host}}),
    ...(grpc !== undefined && {grpc: {port: grpc.port, service: grpc.service ?? null}}),
    initialDelaySeconds: probe.initialDelaySeconds || undefined,
    timeoutSeconds: probe.timeoutSeconds || undefined,
    periodSeconds: probe.periodSeconds || undefined,
    successThreshold: probe.successThreshold || undefined,
    failureThreshold: probe.failureThreshold || undefined,
    terminationGracePeriodSeconds: probe.terminationGracePeriodSeconds,
  })
  return escapeJson(text)
}

/** The probe that kubelet runs against the queue-proxy in the author's name; absent when none is. */
export function makeQueueReadinessProbe(
  revision: Revision,
  servingPort: number,
): Probe | undefined {
  const probe = servingContainer(revision).readinessProbe
  if (probe === undefined) return undefined
  const {exec: _exec, httpGet: _get, tcpSocket: _tcp, grpc: _grpc, ...settings} = probe
  return {
    ...cloneJson(settings),
    httpGet: {port: servingPort, httpHeaders: [{name: 'K-Network-Probe', value: 'queue'}]},
  }
}

/** A liveness probe, pointed at the port on which the user's program listens. */
export function aimLivenessProbe(probe: Probe, port: number): Probe {
  const aimed = cloneJson(probe)
  if (aimed.httpGet !== undefined) {
    aimed.httpGet.port = port
    aimed.httpGet.httpHeaders = [...(aimed.httpGet.httpHeaders ?? []), KUBELET_PROBE_HEADER]
  } else if (aimed.tcpSocket !== undefined) {
    aimed.tcpSocket.port = port
  }
  return aimed
}
