/**
 * Gateways of a KIngress's own, for TLS and for redirects to it. Without those the Gateways of
 * config-istio serve all.
 *
 * Counterpart of net-istio `pkg/reconciler/ingress/resources/gateway.go`.
 */
import {gatewayServiceKey, type IstioConfig} from '../../api/config/istio.ts'
import type {CoreService} from '../../api/core/v1.ts'
import type {Gateway, GatewayServer} from '../../api/istio/v1beta1.ts'
import type {ObjectKey} from '../../api/meta/object.ts'
import {controllerReference} from '../../api/meta/owner.ts'
import {type KIngress, KINGRESSES} from '../../api/networking/v1alpha1.ts'
import {adler32} from './adler32.ts'
import {type Certificate, credentialName, externalTls} from './tls-secrets.ts'
import {INGRESS_LABEL} from './virtual-service.ts'

/** Where the public gateways are. */
export function gatewayServicesOf(istio: IstioConfig): ObjectKey[] {
  return istio.ingressGateways.map(gatewayServiceKey)
}

/** Whether a KIngress needs Gateways of its own: it has TLS, or plain HTTP is led there. */
export function needsOwnGateways(ingress: KIngress): boolean {
  return (
    isPublic(ingress) &&
    (ingress.spec.httpOption === 'Redirected' || externalTls(ingress).length > 0)
  )
}

function isPublic(ingress: KIngress): boolean {
  return (ingress.spec.rules ?? []).some(({visibility}) => visibility === 'ExternalIP')
}

/** The Gateway of a KIngress on one gateway Service. */
export function makeIngressGateway(
  ingress: KIngress,
  certificates: ReadonlyMap<string, Certificate>,
  service: CoreService,
): Gateway {
  const {name, namespace = ''} = ingress.metadata
  const {selector} = service.spec
  return {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'Gateway',
    metadata: {
      name: gatewayName(name, service),
      namespace,
      labels: {[INGRESS_LABEL]: name},
      ownerReferences: [controllerReference(ingress, KINGRESSES)],
    },
    spec: {
      ...(selector !== undefined && {selector}),
      servers: [...tlsServers(ingress, certificates, service), ...httpServers(ingress)],
    },
  }
}

/** The Gateway of a wildcard certificate on one gateway Service, for all KIngresses that use it. */
export function makeWildcardGateway(
  ingress: KIngress,
  certificate: Certificate,
  service: CoreService,
): Gateway {
  const {metadata} = certificate.secret
  const key = `${metadata.name}-${service.metadata.namespace ?? ''}-${service.metadata.name}`
  const {selector} = service.spec
  return {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'Gateway',
    metadata: {
      name: `wildcard-${adler32(key).toString(16)}`,
      ...(metadata.namespace !== undefined && {namespace: metadata.namespace}),
      ownerReferences: [
        {
          apiVersion: 'v1',
          kind: 'Secret',
          name: metadata.name,
          uid: metadata.uid ?? '',
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      ...(selector !== undefined && {selector}),
      servers: [
        tlsServer('https', certificate.hosts, credentialNameOn(service, certificate, ingress)),
      ],
    },
  }
}

function tlsServers(
  ingress: KIngress,
  certificates: ReadonlyMap<string, Certificate>,
  service: CoreService,
): GatewayServer[] {
  const prefix = `${ingress.metadata.namespace ?? ''}/${asDnsLabel(ingress.metadata.name)}`
  const servers = externalTls(ingress).flatMap((tls, index) => {
    const certificate = certificates.get(secretKey(tls))
    if (certificate === undefined || certificate.wildcard) return []
    const credential = credentialNameOn(service, certificate, ingress)
    return [tlsServer(`${prefix}:${index}`, tls.hosts ?? [], credential)]
  })
  return servers.toSorted((left, right) =>
    (left.port.name ?? '') < (right.port.name ?? '') ? -1 : 1,
  )
}

function tlsServer(name: string, hosts: readonly string[], credential: string): GatewayServer {
  return {
    hosts: [...hosts],
    port: {name, number: 443, protocol: 'HTTPS'},
    tls: {
      mode: 'SIMPLE',
      serverCertificate: 'tls.crt',
      privateKey: 'tls.key',
      credentialName: credential,
      minProtocolVersion: 'TLSV1_2',
    },
  }
}

function httpServers(ingress: KIngress): GatewayServer[] {
  const {httpOption, rules = []} = ingress.spec
  if (httpOption === undefined) return []
  const hosts = new Set(
    rules.flatMap((rule) => (rule.visibility === 'ExternalIP' ? (rule.hosts ?? []) : [])),
  )
  return [
    {
      hosts: [...hosts].toSorted(),
      port: {name: 'http-server', number: 80, protocol: 'HTTP'},
      ...(httpOption === 'Redirected' && {tls: {httpsRedirect: true}}),
    },
  ]
}

/** `namespace/name` of the Secret that a TLS block names. */
export function secretKey(tls: {secretNamespace?: string; secretName?: string}): string {
  return `${tls.secretNamespace ?? ''}/${tls.secretName ?? ''}`
}

function credentialNameOn(
  service: CoreService,
  certificate: Certificate,
  ingress: KIngress,
): string {
  return credentialName(certificate, ingress, service.metadata.namespace ?? '')
}

const LONGEST_LABEL = 63

/** A DNS label made of the KIngress's name and the gateway Service's checksum. */
function gatewayName(ingress: string, service: CoreService): string {
  const {namespace = '', name} = service.metadata
  const suffix = String(adler32(`${namespace}/${name}`))
  return `${asDnsLabel(ingress).slice(0, LONGEST_LABEL - suffix.length - 1)}-${suffix}`
}

function asDnsLabel(name: string): string {
  const fits = name.length <= LONGEST_LABEL && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/i.test(name)
  return fits ? name : String(adler32(name))
}
