/** Counterpart of `pkg/reconciler/domainmapping/resources`. */
import type {NetworkConfig} from '../../../api/config/network.ts'
import {childName} from '../../../api/meta/child-name.ts'
import {controllerReference} from '../../../api/meta/owner.ts'
import {INGRESS_CLASS_ANNOTATION} from '../../../api/networking/names.ts'
import {SERVICE_HTTP_PORT} from '../../../api/networking/ports.ts'
import type {ClusterDomainClaim, KIngress} from '../../../api/networking/v1alpha1.ts'
import {
  DOMAIN_MAPPING_NAMESPACE_LABEL,
  DOMAIN_MAPPING_UID_LABEL,
} from '../../../api/serving/metadata-keys.ts'
import {DOMAIN_MAPPINGS, type DomainMapping} from '../../../api/serving/v1.ts'
import {makeChallengePaths, type TlsSettings} from '../certificates.ts'
import {httpOption, ingressClass, UNWANTED_ANNOTATIONS} from '../ingress-options.ts'
import {without} from '../metadata.ts'
import type {Target} from './resolve-target.ts'

/** The KIngress of a mapping: a domain may be longer than the name of an object. */
export function ingressName({metadata}: DomainMapping): string {
  return childName(metadata.name, '')
}

/**
 * The KIngress that sends the domain to its target, under the target's own host.
 *
 * @throws Error when an annotation says nonsense.
 */
export function makeIngress(
  mapping: DomainMapping,
  target: Target,
  network: NetworkConfig,
  {tls, challenges}: TlsSettings,
): KIngress {
  const {name, namespace = '', uid = '', labels, annotations} = mapping.metadata
  const extra = makeChallengePaths(challenges, [name])
  return {
    apiVersion: 'networking.internal.knative.dev/v1alpha1',
    kind: 'Ingress',
    metadata: {
      name: ingressName(mapping),
      namespace,
      labels: {
        ...labels,
        [DOMAIN_MAPPING_UID_LABEL]: uid,
        [DOMAIN_MAPPING_NAMESPACE_LABEL]: namespace,
      },
      annotations: without(
        {[INGRESS_CLASS_ANNOTATION]: ingressClass(annotations, network), ...annotations},
        UNWANTED_ANNOTATIONS,
      ),
      ownerReferences: [controllerReference(mapping, DOMAIN_MAPPINGS)],
    },
    spec: {
      ...httpOption(annotations, network),
      ...(tls.length > 0 && {tls: [...tls]}),
      rules: [
        {
          hosts: [...extra.hosts, name],
          visibility: 'ExternalIP',
          http: {
            paths: [
              ...extra.paths,
              {
                rewriteHost: target.host,
                splits: [
                  {
                    percent: 100,
                    appendHeaders: {'K-Original-Host': name},
                    serviceNamespace: namespace,
                    serviceName: target.service,
                    servicePort: SERVICE_HTTP_PORT,
                  },
                ],
              },
            ],
          },
        },
      ],
    },
  }
}

/** The claim that lets the mapping's namespace use the domain. Nobody owns it: it outlives mappings. */
export function makeDomainClaim({metadata}: DomainMapping): ClusterDomainClaim {
  const {name, namespace} = metadata
  return {
    apiVersion: 'networking.internal.knative.dev/v1alpha1',
    kind: 'ClusterDomainClaim',
    metadata: {name},
    spec: {namespace: namespace ?? ''},
  }
}
