/** Certificates for the hosts of Routes and DomainMappings, where `external-domain-tls` is on. */
import {CERTIFICATE_CLASS_ANNOTATION} from '../../api/networking/names.ts'
import {messageOf} from '../../util/message-of.ts'
import type {NetworkConfig} from '../../api/config/network.ts'
import type {KubeObject} from '../../api/meta/object.ts'
import {controllerReference, isControlledBy} from '../../api/meta/owner.ts'
import type {ResourceType} from '../../api/meta/resource-type.ts'
import {
  type HTTPIngressPath,
  type IngressTLS,
  type KCertificate,
  KCERTIFICATES,
} from '../../api/networking/v1alpha1.ts'
import type {Client} from '../../client/client.ts'
import type {ReconcileContext} from '../../controller/controller.ts'
import type {Lister} from '../../controller/informer.ts'
import {semanticEqual} from '../../util/semantic-equal.ts'
import {createChild} from './children.ts'
import {certificateClass, UNWANTED_ANNOTATIONS} from './ingress-options.ts'
import {without} from './metadata.ts'

/** Marks Certificates for all hosts of a domain in their namespace; its value is the domain. */
export const WILDCARD_DOMAIN_LABEL = 'networking.knative.dev/wildcardDomain'

/** How whoever issues a certificate wants to see that the host is ours. */
export interface Http01Challenge {
  readonly url: string
  readonly serviceName: string
  readonly serviceNamespace: string
  readonly servicePort: number | string
}

/** What a KIngress needs to know of certificates. */
export interface TlsSettings {
  readonly tls: readonly IngressTLS[]
  readonly challenges: readonly Http01Challenge[]
}

/** No certificate is wanted. */
export const NO_TLS: TlsSettings = {tls: [], challenges: []}

/** A Certificate of the wanted name belongs to somebody else. */
export class CertificateNotOwnedError extends Error {
  override readonly name = 'CertificateNotOwnedError'
}

/** What a Certificate is made from. */
export interface CertificateInputs {
  readonly owner: KubeObject
  readonly ownerType: ResourceType
  /** The label that names the owner. */
  readonly label: string
  readonly name: string
  readonly host: string
  /** The domain that the host is part of. */
  readonly domain: string
  readonly network: NetworkConfig
}

/** The wish for a certificate of one host. */
export function makeCertificate(inputs: CertificateInputs): KCertificate {
  const {owner, ownerType, label, name, host, domain, network} = inputs
  const {namespace, annotations} = owner.metadata
  return {
    apiVersion: 'networking.internal.knative.dev/v1alpha1',
    kind: 'Certificate',
    metadata: {
      name,
      ...(namespace !== undefined && {namespace}),
      labels: {[label]: owner.metadata.name},
      annotations: without(
        {[CERTIFICATE_CLASS_ANNOTATION]: certificateClass(annotations, network), ...annotations},
        UNWANTED_ANNOTATIONS,
      ),
      ownerReferences: [controllerReference(owner, ownerType)],
    },
    spec: {dnsNames: [host], secretName: name, domain},
  }
}

/**
 * Creates a Certificate, or brings its spec to what is wanted.
 *
 * @throws CertificateNotOwnedError when somebody else has one of that name.
 */
export async function ensureCertificate(
  wanted: KCertificate,
  owner: KubeObject,
  {client, certificates}: {client: Client; certificates: Lister<KCertificate>},
  {events}: ReconcileContext,
): Promise<KCertificate> {
  const {namespace, name} = wanted.metadata
  const key = `${namespace ?? ''}/${name}`
  let certificate = certificates.get(namespace, name)
  if (certificate === undefined) {
    try {
      const {object, created} = await createChild(client, KCERTIFICATES, wanted)
      if (created) events.normal(owner, 'Created', `Created Certificate ${key}`)
      certificate = object
    } catch (error) {
      const why = messageOf(error)
      events.warning(owner, 'CreationFailed', `Failed to create Certificate ${key}: ${why}`)
      throw new Error(`failed to create Certificate: ${why}`, {cause: error})
    }
  }
  if (!isControlledBy(certificate, owner)) {
    const message = `owner: ${owner.metadata.name} does not own Certificate: "${name}"`
    throw new CertificateNotOwnedError(message)
  }
  if (semanticEqual(certificate.spec, wanted.spec)) return certificate
  const updated = await client.update(KCERTIFICATES, {...certificate, spec: wanted.spec})
  events.normal(owner, 'Updated', `Updated Spec for Certificate ${key}`)
  return updated
}

/** What is asked of us before the certificate is issued. */
export function challengesOf({status}: KCertificate): readonly Http01Challenge[] {
  return (status?.['http01Challenges'] as Http01Challenge[] | undefined) ?? []
}

/** The entry of a KIngress that makes hosts use a certificate. */
export function makeIngressTls(
  {metadata, spec}: KCertificate,
  hosts: readonly string[],
): IngressTLS {
  const {namespace} = metadata
  return {
    hosts: [...hosts],
    secretName: spec.secretName,
    ...(namespace !== undefined && {secretNamespace: namespace}),
  }
}

/** Paths that answer challenges, and hosts for them that the rule does not have already. */
export function makeChallengePaths(
  challenges: readonly Http01Challenge[],
  hosts: readonly string[],
): {paths: HTTPIngressPath[]; hosts: string[]} {
  const extra: string[] = []
  const paths = challenges.map((challenge): HTTPIngressPath => {
    const {serviceNamespace, serviceName, servicePort} = challenge
    const url = new URL(challenge.url)
    if (!hosts.includes(url.host)) extra.push(url.host)
    return {
      path: url.pathname,
      splits: [{serviceNamespace, serviceName, servicePort, percent: 100}],
    }
  })
  return {paths, hosts: extra}
}
