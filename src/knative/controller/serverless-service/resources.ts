/**
 * What a ServerlessService wants to exist, as pure functions of its spec and of what the listers
 * saw. Nothing here does I/O or reads a clock.
 *
 * Counterpart of knative.dev/serving `pkg/reconciler/serverlessservice/resources`.
 */
import type {CoreService, Endpoints, EndpointSubset, ServicePort} from '../../../api/core/v1.ts'
import {childName} from '../../../api/meta/child-name.ts'
import type {ObjectMeta} from '../../../api/meta/object.ts'
import {controllerReference} from '../../../api/meta/owner.ts'
import * as ports from '../../../api/networking/ports.ts'
import {SERVERLESS_SERVICES, type ServerlessService} from '../../../api/networking/v1alpha1.ts'
import {annotationsWithout} from '../metadata.ts'
import {chooseSubset} from './choose-subset.ts'

/** On what a ServerlessService makes: its name. */
export const SKS_LABEL = 'networking.internal.knative.dev/serverlessservice'
/** On what a ServerlessService makes: `Public` or `Private`. */
export const SERVICE_TYPE_LABEL = 'networking.internal.knative.dev/serviceType'

/** Who serves the requests of a revision: its own pods, or the activator in front of them. */
export type Backend = 'pods' | 'activator'

/**
 * Picks the endpoints that the public Service points at.
 *
 * The spec asks for a mode, readiness overrules it, so that the public Service is never empty while
 * anything can answer:
 *
 * | pods ready | activators ready | spec.mode | backend   |
 * | ---------- | ---------------- | --------- | --------- |
 * | any        | 0                | any       | pods      |
 * | 0          | > 0              | any       | activator |
 * | > 0        | > 0              | Serve     | pods      |
 * | > 0        | > 0              | Proxy     | activator |
 */
export function chooseBackend(
  mode: 'Proxy' | 'Serve' | undefined,
  readyPods: number,
  readyActivators: number,
): Backend {
  if (readyActivators === 0) return 'pods'
  if (readyPods === 0) return 'activator'
  return mode === 'Serve' ? 'pods' : 'activator'
}

/** The name of the Service in front of a revision's own pods. */
function privateServiceName(sks: string): string {
  return childName(sks, '-private')
}

/** The Service whose endpoints are the revision's own pods. */
export function makePrivateService(
  sks: ServerlessService,
  selector: Record<string, string>,
): CoreService {
  const {name: portName} = httpPort(sks)
  const backendPort = backendPortOf(sks)
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: ownedMeta(sks, privateServiceName(sks.metadata.name), 'Private'),
    spec: {
      ports: [
        httpPort(sks),
        HTTPS_PORT,
        tcpPort('http-autometric', ports.AUTOSCALING_METRICS_PORT, 'http-autometric'),
        tcpPort('http-usermetric', ports.USER_METRICS_PORT, 'http-usermetric'),
        // A mesh opens only the ports it knows: this one for the drain hook, the next one for
        // requests that address a pod directly.
        tcpPort('http-queueadm', ports.QUEUE_ADMIN_PORT, ports.QUEUE_ADMIN_PORT),
        tcpPort(`${portName}-istio`, backendPort, backendPort),
      ],
      selector,
    },
  }
}

/** The Service without a selector: its endpoints are ours to write. */
export function makePublicService(sks: ServerlessService): CoreService {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: ownedMeta(sks, sks.metadata.name, 'Public'),
    spec: {ports: [httpPort(sks, publicPortOf(sks)), HTTPS_PORT]},
  }
}

/** The endpoints of the public Service. */
export function makePublicEndpoints(sks: ServerlessService, subsets: EndpointSubset[]): Endpoints {
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: ownedMeta(sks, sks.metadata.name, 'Public'),
    ...(subsets.length > 0 && {subsets}),
  }
}

/** The subsets of `source` with no ports but those that serve requests. */
export function servingSubsets(
  sks: ServerlessService,
  source: Endpoints | undefined,
): EndpointSubset[] {
  const serving: number[] = [backendPortOf(sks), ports.BACKEND_HTTPS_PORT]
  return (source?.subsets ?? []).map((subset) => ({
    ...subset,
    ports: (subset.ports ?? []).filter(({port}) => serving.includes(port)),
  }))
}

/** `endpoints` with the `count` addresses chosen for `revision`; 0 means all. */
export function subsetEndpoints(endpoints: Endpoints, revision: string, count: number): Endpoints {
  if (count === 0) return endpoints
  const {subsets = []} = endpoints
  const addresses = new Set(subsets.flatMap((subset) => (subset.addresses ?? []).map(({ip}) => ip)))
  const chosen = chooseSubset(addresses, count, revision)
  if (chosen === addresses) return endpoints
  return {
    ...endpoints,
    subsets: subsets
      .map((subset) => ({
        ...subset,
        addresses: (subset.addresses ?? []).filter(({ip}) => chosen.has(ip)),
      }))
      .filter((subset) => subset.addresses.length > 0),
  }
}

const HTTPS_PORT = tcpPort('https', ports.SERVICE_HTTPS_PORT, ports.BACKEND_HTTPS_PORT)

function publicPortOf(sks: ServerlessService): number {
  return sks.spec.protocolType === 'h2c' ? ports.SERVICE_HTTP2_PORT : ports.SERVICE_HTTP_PORT
}

function httpPort(
  sks: ServerlessService,
  servicePort: number = ports.SERVICE_HTTP_PORT,
): ServicePort & {name: string} {
  const http2 = sks.spec.protocolType === 'h2c'
  const port = tcpPort(http2 ? 'http2' : 'http', servicePort, backendPortOf(sks))
  return http2 ? {...port, appProtocol: 'kubernetes.io/h2c'} : port
}

function backendPortOf(sks: ServerlessService): number {
  return sks.spec.protocolType === 'h2c' ? ports.BACKEND_HTTP2_PORT : ports.BACKEND_HTTP_PORT
}

function tcpPort(
  name: string,
  port: number,
  targetPort: number | string,
): ServicePort & {name: string} {
  return {name, protocol: 'TCP', port, targetPort}
}

function ownedMeta(
  sks: ServerlessService,
  name: string,
  serviceType: 'Public' | 'Private',
): ObjectMeta {
  const {namespace, labels, annotations} = sks.metadata
  return {
    name,
    ...(namespace !== undefined && {namespace}),
    labels: {...labels, [SKS_LABEL]: sks.metadata.name, [SERVICE_TYPE_LABEL]: serviceType},
    ...annotationsWithout(annotations, []),
    ownerReferences: [controllerReference(sks, SERVERLESS_SERVICES)],
  }
}
