import type {CoreService, Endpoints, Pod} from '../../../api/core/v1.ts'
import {PODS, CORE_SERVICES} from '../../../api/core/v1.ts'
import {failure, notFound} from '../../../api/meta/status-error.ts'
import {badRequest, noNode, serviceUnavailable} from '../../apiserver/errors.ts'
import {addressesOfPort, findServicePort} from '../../kube-proxy/service-target.ts'
import type {PodAccess} from '../../apiserver/pod-access.ts'
import {type SchemeNamePort, splitSchemeNamePort} from '../../apiserver/proxy/proxy-path.ts'
import type {ProxyTarget} from '../../apiserver/proxy/proxy-target.ts'
import type {ServerContext, Subresource} from '../../apiserver/request-context.ts'

type FindTarget = NonNullable<Subresource['proxyTarget']>

/** The part of an object that stands for the program behind it. */
export function proxySubresource(kind: string, proxyTarget: FindTarget): Subresource {
  return {
    name: 'proxy',
    verbs: ['create', 'delete', 'get', 'patch', 'update'],
    kind: {group: '', version: 'v1', kind: `${kind}ProxyOptions`},
    proxyTarget,
  }
}

/** There is nothing behind the node: throws 501. */
export function nodeTarget(): ProxyTarget {
  const why = 'the node is this process: it has no API of its own to pass requests on to'
  throw failure(501, 'NotAcceptable', why)
}

/** The program in a pod. Counterpart of kubernetes `pkg/registry/core/pod` ResourceLocation. */
export const podTarget: FindTarget = (server, {namespace, id}) => {
  const parts = partsOf('pod', id)
  const node = nodeOf(server)
  const port = portOfPod(server, namespace, parts)
  return {scheme: parts.scheme, connect: () => node.dial(namespace, parts.name, port)}
}

/** A program behind a Service. Counterpart of `pkg/registry/core/service` ResourceLocation. */
export const serviceTarget: FindTarget = (server, {namespace, id}) => {
  const parts = partsOf('service', id)
  const node = nodeOf(server)
  const {pod, port} = endpointOf(server, {namespace, id, ...parts})
  return {scheme: parts.scheme, connect: () => node.dial(pod.namespace, pod.name, port)}
}

function partsOf(kind: string, id: string): SchemeNamePort {
  const parts = splitSchemeNamePort(id)
  if (parts === undefined) throw badRequest(`invalid ${kind} request "${id}"`)
  return parts
}

function nodeOf({podAccess}: ServerContext): PodAccess {
  if (podAccess === undefined) throw noNode()
  return podAccess
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
    throw serviceUnavailable(`no endpoints available for service "${name}"`)
  }
  const pods = addressesOfPort(endpoints, portName).flatMap(({targetRef, port: podPort}) => {
    const {name: podName, namespace: podNamespace = namespace} = targetRef ?? {}
    if (podName === undefined) return []
    return [{pod: {name: podName, namespace: podNamespace}, port: podPort}]
  })
  const chosen = pods[Math.floor(Math.random() * pods.length)]
  if (chosen !== undefined) return chosen
  throw serviceUnavailable(`no endpoints available for service "${id}"`)
}

function nameOfPort(service: CoreService, port: string): string | undefined {
  if (!/^\d+$/.test(port)) return port
  const found = findServicePort(service, Number(port))
  if (found !== undefined) return found.name
  const name = service.metadata.name
  throw serviceUnavailable(`no service port ${Number(port)} found for service "${name}"`)
}
