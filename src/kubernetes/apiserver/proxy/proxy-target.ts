import type {Duplex} from 'node:stream'
import type {CoreService, Endpoints, Pod} from '../../../api/core/v1.ts'
import {PODS, CORE_SERVICES} from '../../../api/core/v1.ts'
import {failure, notFound, type StatusError} from '../../../api/meta/status-error.ts'
import {addressesOfPort, findServicePort} from '../../kube-proxy/service-target.ts'
import {badRequest} from '../errors.ts'
import {noNode} from '../handlers/log.ts'
import type {ServerContext} from '../request-context.ts'
import {type ProxyPath, splitSchemeNamePort} from './proxy-path.ts'

/** The program behind a pod or a Service. */
export interface ProxyTarget {
  readonly scheme: 'http' | 'https'
  /** Rejects with an Error in the kubelet's words when nobody listens. */
  connect(): Promise<Duplex>
}

/**
 * The program that a path leads to. Throws the StatusError of kube-apiserver where there is none.
 *
 * Counterpart of kubernetes `pkg/registry/core/{pod,service}` ResourceLocation.
 */
export function findProxyTarget(server: ServerContext, path: ProxyPath): ProxyTarget {
  const {resource, id, namespace} = path
  if (resource === 'nodes') {
    const why = 'the node is this process: it has no API of its own to pass requests on to'
    throw failure(501, 'NotAcceptable', why)
  }
  const parts = splitSchemeNamePort(id)
  if (parts === undefined) {
    throw badRequest(`invalid ${resource === 'pods' ? 'pod' : 'service'} request "${id}"`)
  }
  const {podAccess} = server
  if (podAccess === undefined) throw noNode()
  const {scheme} = parts
  if (resource === 'pods') {
    const port = portOfPod(server, namespace, parts)
    return {scheme, connect: () => podAccess.dial(namespace, parts.name, port)}
  }
  const {pod, port} = endpointOf(server, {namespace, id, ...parts})
  return {scheme, connect: () => podAccess.dial(pod.namespace, pod.name, port)}
}

const HTTP_PORT = 80

/** The port that is asked for, else the first that a container declares. */
function portOfPod(
  {storage}: ServerContext,
  namespace: string,
  {name, port}: {readonly name: string; readonly port: string},
): number {
  const pod = storage.get(`/core/pods/${namespace}/${name}`)?.object as Pod | undefined
  if (pod === undefined) throw notFound(PODS, name)
  if (port !== '') return Number(port)
  const [first] = pod.spec.containers.flatMap(({ports = []}) => ports)
  return first?.containerPort ?? HTTP_PORT
}

interface ServiceRequest {
  readonly namespace: string
  readonly id: string
  readonly name: string
  readonly port: string
}

/** A ready pod behind the port of a Service, which is named, numbered or its only one. */
function endpointOf(
  server: ServerContext,
  {namespace, id, name, port}: ServiceRequest,
): {readonly pod: {readonly name: string; readonly namespace: string}; readonly port: number} {
  const key = `${namespace}/${name}`
  const service = server.storage.get(`/core/services/${key}`)?.object as CoreService | undefined
  if (service === undefined) throw notFound(CORE_SERVICES, name)
  const endpoints = server.storage.get(`/core/endpoints/${key}`)?.object as Endpoints | undefined
  const portName = nameOfPort(service, port)
  if ((endpoints?.subsets ?? []).length === 0) {
    throw unavailable(`no endpoints available for service "${name}"`)
  }
  const pods = addressesOfPort(endpoints, portName).flatMap(({targetRef, port: podPort}) => {
    const {name: podName, namespace: podNamespace = namespace} = targetRef ?? {}
    if (podName === undefined) return []
    return [{pod: {name: podName, namespace: podNamespace}, port: podPort}]
  })
  const chosen = pods[Math.floor(Math.random() * pods.length)]
  if (chosen === undefined) throw unavailable(`no endpoints available for service "${id}"`)
  return chosen
}

function nameOfPort(service: CoreService, port: string): string | undefined {
  if (!/^\d+$/.test(port)) return port
  const found = findServicePort(service, Number(port))
  if (found !== undefined) return found.name
  throw unavailable(`no service port ${Number(port)} found for service "${service.metadata.name}"`)
}

/** 503 as kube-apiserver answers it. */
export function unavailable(message: string): StatusError {
  return failure(503, 'ServiceUnavailable', message)
}
