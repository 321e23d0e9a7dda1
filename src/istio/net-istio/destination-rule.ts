/** TLS from the gateways to revisions, where `system-internal-tls` asks for it. */
import type {DestinationRule} from '../../api/istio/v1beta1.ts'
import {controllerReference} from '../../api/meta/owner.ts'
import {serviceHostname} from '../../api/networking/names.ts'
import {type KIngress, KINGRESSES} from '../../api/networking/v1alpha1.ts'
import {INGRESS_LABEL, routeLabels} from './virtual-service.ts'

/** The Secret that holds whom the gateways trust. */
const ROUTING_CERTIFICATE = 'routing-serving-certs'
/** The name in the certificate of the activator. */
const ACTIVATOR_NAME = 'kn-routing'

/** A Service that a KIngress leads to. */
export interface Backend {
  readonly namespace: string
  readonly name: string
}

/**
 * The Services that a KIngress leads to, each once. Paths that go to another host (those of
 * DomainMappings) are left out: they pass a gateway again, and that speaks TLS there.
 */
export function backendsOf(ingress: KIngress): Backend[] {
  const backends = new Map<string, Backend>()
  for (const rule of ingress.spec.rules ?? []) {
    for (const {rewriteHost = '', splits} of rule.http?.paths ?? []) {
      if (rewriteHost !== '') continue
      for (const {serviceNamespace: namespace, serviceName: name} of splits) {
        backends.set(`${namespace}/${name}`, {namespace, name})
      }
    }
  }
  return [...backends.values()]
}

/**
 * The DestinationRule that makes the gateways speak TLS to a Service.
 *
 * Counterpart of net-istio `pkg/reconciler/ingress/resources/destination_rule.go`.
 */
export function makeDestinationRule(
  ingress: KIngress,
  {name, namespace}: Backend,
  isHttp2: boolean,
): DestinationRule {
  const host = serviceHostname(name, namespace)
  const own = ingress.metadata
  return {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'DestinationRule',
    metadata: {
      name: host,
      ...(own.namespace !== undefined && {namespace: own.namespace}),
      labels: {...routeLabels(ingress), [INGRESS_LABEL]: own.name},
      ...(own.annotations !== undefined && {annotations: {...own.annotations}}),
      ownerReferences: [controllerReference(ingress, KINGRESSES)],
    },
    spec: {
      host,
      trafficPolicy: {
        ...(isHttp2 && {connectionPool: {http: {h2UpgradePolicy: 'UPGRADE'}}}),
        tls: {
          mode: 'SIMPLE',
          credentialName: ROUTING_CERTIFICATE,
          subjectAltNames: [ACTIVATOR_NAME, `kn-user-${(own.namespace ?? '').toLowerCase()}`],
        },
      },
    },
  }
}
