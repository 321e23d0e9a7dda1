/**
 * Certificates where the gateways can read them: copies of Secrets in the gateways' namespaces.
 *
 * Counterpart of net-istio `pkg/reconciler/ingress/resources/secret.go`.
 */
import {messageOf} from '../../util/message-of.ts'
import {X509Certificate} from 'node:crypto'
import type {Secret} from '../../api/core/v1.ts'
import type {ObjectKey} from '../../api/meta/object.ts'
import {CERTIFICATE_UID_LABEL} from '../../api/networking/names.ts'
import type {IngressTLS, KIngress} from '../../api/networking/v1alpha1.ts'
import {adler32} from './adler32.ts'

const ORIGIN_NAME_LABEL = 'networking.internal.knative.dev/originSecretName'
const ORIGIN_NAMESPACE_LABEL = 'networking.internal.knative.dev/originSecretNamespace'
const LONGEST_LABEL = 63

/** A certificate a KIngress refers to. */
export interface Certificate {
  readonly secret: Secret
  /** The hosts it is for. */
  readonly hosts: readonly string[]
  /** One for a wildcard is shared by all KIngresses that refer to it. */
  readonly wildcard: boolean
}

/** The TLS blocks that cover all hosts of a rule for everybody. */
export function externalTls(ingress: KIngress): IngressTLS[] {
  const found: IngressTLS[] = []
  for (const {hosts = [], visibility = 'ExternalIP'} of ingress.spec.rules ?? []) {
    if (visibility !== 'ExternalIP') continue
    if (hosts.length === 0) return found
    for (const tls of ingress.spec.tls ?? []) {
      if (hosts.every((host) => tls.hosts?.includes(host))) found.push(tls)
    }
  }
  return found
}

/** Reads a certificate's hosts. Throws when it is none. */
export function readCertificate(secret: Secret): Certificate {
  const {namespace = '', name} = secret.metadata
  let names: string
  try {
    const pem = Buffer.from(secret.data?.['tls.crt'] ?? '', 'base64')
    names = new X509Certificate(pem).subjectAltName ?? ''
  } catch (error) {
    const message = messageOf(error)
    throw new Error(`failed to parse certificate for secret ${namespace}/${name}: ${message}`, {
      cause: error,
    })
  }
  const hosts = names
    .split(', ')
    .filter((entry) => entry.startsWith('DNS:'))
    .map((entry) => entry.slice('DNS:'.length))
  if (hosts.length === 0) throw new Error('certificate should have DNS names, but it has 0')
  return {secret, hosts, wildcard: hosts.some((host) => host.startsWith('*.'))}
}

/** The name under which a gateway in `namespace` finds a certificate. */
export function credentialName(
  certificate: Certificate,
  ingress: KIngress,
  namespace: string,
): string {
  const {metadata} = certificate.secret
  if (metadata.namespace === namespace) return metadata.name
  return certificate.wildcard
    ? `${metadata.namespace ?? ''}--${metadata.name}-wildcard`
    : `${ingress.metadata.name}-${metadata.uid ?? ''}`
}

/** The copies of a certificate in those of the gateways' namespaces it is not in. */
export function makeSecretCopies(
  certificate: Certificate,
  ingress: KIngress,
  gatewayServices: readonly ObjectKey[],
): Secret[] {
  const {metadata, data, type} = certificate.secret
  const namespaces = new Set(gatewayServices.map(({namespace = ''}) => namespace))
  namespaces.delete(metadata.namespace ?? '')
  return [...namespaces].map((namespace) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: credentialName(certificate, ingress, namespace),
      namespace,
      labels: {
        ...originLabels({name: metadata.name, namespace: metadata.namespace}),
        [CERTIFICATE_UID_LABEL]: metadata.labels?.[CERTIFICATE_UID_LABEL] ?? '',
      },
      ...(metadata.name.length > LONGEST_LABEL && {
        annotations: {[ORIGIN_NAME_LABEL]: metadata.name},
      }),
    },
    ...(data !== undefined && {data}),
    ...(type !== undefined && {type}),
  }))
}

/** What marks the copies of a Secret. */
export function originLabels(origin: ObjectKey): Record<string, string> {
  return {
    [ORIGIN_NAMESPACE_LABEL]: origin.namespace ?? '',
    [ORIGIN_NAME_LABEL]: asLabel(origin.name),
  }
}

/** Names of Secrets may be longer than labels. */
function asLabel(name: string): string {
  if (name.length <= LONGEST_LABEL) return name
  const suffix = String(adler32(name))
  return `${name.slice(0, LONGEST_LABEL - suffix.length - 1)}-${suffix}`
}
