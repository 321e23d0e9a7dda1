import type {StructuralSchema} from '../extensions/structural-schema.ts'
import type {CustomResourceDefinition} from '../extensions/v1.ts'
import {DESTINATION_RULES, GATEWAYS, VIRTUAL_SERVICES} from '../istio/v1beta1.ts'
import {column, definitionOf, type KindDefinition} from './definition.ts'
import {DESTINATION_RULE_SPEC} from './istio/destination-rule.ts'
import {GATEWAY_SPEC} from './istio/gateway.ts'
import {VIRTUAL_SERVICE_SPEC} from './istio/virtual-service.ts'

const COMMON = {
  versions: ['v1alpha3', 'v1beta1'],
  categories: ['istio-io', 'networking-istio-io'],
  labels: {
    app: 'istio-pilot',
    chart: 'istio',
    heritage: 'Tiller',
    release: 'istio',
    'knative.dev/crd-install': 'true',
  },
  annotations: {'helm.sh/resource-policy': 'keep'},
}
/** What Istio prints below its columns, which tables carry along. */
const AGE = {
  ...column('Age', '.metadata.creationTimestamp', 'date'),
  description:
    'CreationTimestamp is a timestamp representing the server time when this object was created. ' +
    'It is not guaranteed to be set in happens-before order across separate operations. ' +
    'Clients may not set this value. It is represented in RFC3339 form and is in UTC. ' +
    'Populated by the system. Read-only. Null for lists. More info: ' +
    'https://git.k8s.io/community/contributors/devel/api-conventions.md#metadata',
}
const HOST = {
  ...column('Host', '.spec.host'),
  description: 'The name of a service from the service registry',
}
const GATEWAYS_OF_ROUTE = {
  ...column('Gateways', '.spec.gateways'),
  description: 'The names of gateways and sidecars that should apply these routes',
}
const HOSTS_OF_ROUTE = {
  ...column('Hosts', '.spec.hosts'),
  description: 'The destination hosts to which traffic is being sent',
}

const KINDS: readonly KindDefinition[] = [
  {
    ...COMMON,
    type: DESTINATION_RULES,
    shortNames: ['dr'],
    columns: [HOST, AGE],
    schema: objectSchema(DESTINATION_RULE_SPEC),
  },
  {
    ...COMMON,
    type: GATEWAYS,
    shortNames: ['gw'],
    schema: objectSchema(GATEWAY_SPEC),
  },
  {
    ...COMMON,
    type: VIRTUAL_SERVICES,
    shortNames: ['vs'],
    columns: [GATEWAYS_OF_ROUTE, HOSTS_OF_ROUTE, AGE],
    schema: objectSchema(VIRTUAL_SERVICE_SPEC),
  },
]

/**
 * The definitions of the three kinds of Istio that net-istio writes and the gateway of the embedded
 * cluster reads: as Istio 1.20 has them, with descriptions of our own.
 */
export function istioDefinitions(): CustomResourceDefinition[] {
  return KINDS.map(definitionOf)
}

/** Nothing is known about the status. */
function objectSchema(spec: StructuralSchema): StructuralSchema {
  return {
    type: 'object',
    properties: {
      spec,
      status: {type: 'object', 'x-kubernetes-preserve-unknown-fields': true},
    },
  }
}
