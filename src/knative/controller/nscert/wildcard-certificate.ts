/** Counterpart of knative.dev/serving `pkg/reconciler/nscert/resources`. */
import type {LabelSelector} from '../../../api/apps/v1.ts'
import type {ConfigSnapshot} from '../../../api/config/config-store.ts'
import {domainFor} from '../../../api/config/domain.ts'
import {expandDomainTemplate} from '../../../api/config/network.ts'
import {type Namespace, NAMESPACES} from '../../../api/core/v1.ts'
import {matchesSelector} from '../../../api/meta/label-selector.ts'
import {controllerReference} from '../../../api/meta/owner.ts'
import type {KCertificate} from '../../../api/networking/v1alpha1.ts'
import {messageOf} from '../../../util/message-of.ts'
import {WILDCARD_DOMAIN_LABEL} from '../certificates.ts'
import {CERTIFICATE_CLASS_ANNOTATION} from '../../../api/networking/names.ts'
import {certificateClass} from '../ingress-options.ts'

/** Whether config-network selects the namespace. Without a selector it selects none. */
export function wantsWildcardCertificate(
  {metadata}: Namespace,
  {network}: Pick<ConfigSnapshot, 'network'>,
): boolean {
  const selector = network.namespaceWildcardCertSelector
  return selector !== undefined && matchesSelector(metadata.labels, selector as LabelSelector)
}

/**
 * The certificate for all Routes of a namespace in the default domain.
 *
 * Throws where the domain template does not begin with the Route's name alone: then no wildcard
 * covers its hosts.
 */
export function makeWildcardCertificate(
  namespace: Namespace,
  {domain: domains, network}: Pick<ConfigSnapshot, 'domain' | 'network'>,
): KCertificate {
  const {name, annotations} = namespace.metadata
  const domain = domainFor(domains, undefined)
  const host = wildcardHost(name, domain, network)
  const parent = host.slice(host.indexOf('.') + 1)
  return {
    apiVersion: 'networking.internal.knative.dev/v1alpha1',
    kind: 'Certificate',
    metadata: {
      name: parent,
      namespace: name,
      labels: {[WILDCARD_DOMAIN_LABEL]: domain},
      annotations: {[CERTIFICATE_CLASS_ANNOTATION]: certificateClass(annotations, network)},
      ownerReferences: [controllerReference(namespace, NAMESPACES)],
    },
    spec: {dnsNames: [host], secretName: parent},
  }
}

function wildcardHost(
  namespace: string,
  domain: string,
  network: ConfigSnapshot['network'],
): string {
  try {
    const host = expandDomainTemplate(network, {name: '*', domain, namespace})
    if (!/^\*\..+$/.test(host)) throw new Error(`invalid DomainTemplate: ${host}`)
    return host
  } catch (error) {
    throw new Error(
      `failed to apply domain template ${network.domainTemplate} to domain ${domain} and namespace ${namespace}: ${messageOf(error)}`,
      {cause: error},
    )
  }
}
