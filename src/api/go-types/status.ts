/**
 * Statuses of knative.dev/serving, knative.dev/networking and knative.dev/caching, on top of those of
 * knative.dev/pkg `apis/duck/v1`. Only schemas are made from them: no webhook decodes a status.
 */
import {
  BOOLEAN,
  INT32,
  INT64,
  INT_OR_STRING,
  STRING,
  TIME,
  always,
  embedded,
  field,
  list,
  map,
  pointer,
  struct,
  text,
} from './declare.ts'
import {TRAFFIC_TARGET} from './serving.ts'

const URL = 'Where it can be reached from outside, scheme and host.'
const ADDRESS = 'Where it can be reached within the cluster.'

export const CONDITION = struct(
  'apis.Condition',
  {
    type: always(text('apis.ConditionType'), 'Which fact.'),
    status: always(
      text<'True' | 'False' | 'Unknown'>('v1.ConditionStatus'),
      'True, False or Unknown.',
    ),
    severity: field(
      text<'Info' | 'Warning'>('apis.ConditionSeverity'),
      'How bad it is when it does not hold: an error if not set, Warning or Info.',
    ),
    // Its schema has no format: a condition without a time says "null".
    lastTransitionTime: field(text('apis.VolatileTime'), 'When its status changed last.'),
    reason: field(STRING, 'Why, in one word.'),
    message: field(STRING, 'Why, for people.'),
  },
  {description: 'A fact that holds, does not hold, or is not known.'},
)

export const STATUS = struct('v1.Status', {
  observedGeneration: field(INT64, 'The metadata.generation that this status is about.'),
  conditions: field(list(CONDITION), 'What holds and what does not. "Ready" sums up the others.'),
  annotations: field(map(STRING), 'Further facts, by their keys.'),
})

const ADDRESSABLE = struct('v1.Addressable', {
  name: field(pointer(STRING), 'Name of the address.'),
  url: field(pointer(text('apis.URL')), 'The address.'),
  CACerts: field(pointer(STRING), 'Certificates, in PEM, of those who sign for this address.'),
  audience: field(pointer(STRING), 'The audience that a token for this address must have.'),
})

const CONFIGURATION_STATUS_FIELDS = struct('v1.ConfigurationStatusFields', {
  latestReadyRevisionName: field(STRING, 'The newest revision that became ready.'),
  latestCreatedRevisionName: field(STRING, 'The newest revision, ready or not.'),
})

const ROUTE_STATUS_FIELDS = struct('v1.RouteStatusFields', {
  url: field(pointer(text('apis.URL')), URL),
  address: field(pointer(ADDRESSABLE), ADDRESS),
  traffic: field(list(TRAFFIC_TARGET), 'How traffic is split now, with names of revisions.'),
})

const CONTAINER_STATUS = struct(
  'v1.ContainerStatus',
  {
    name: field(STRING, 'Name of the container.'),
    imageDigest: field(STRING, 'The image by its digest.'),
  },
  {description: 'The image of a container.'},
)

export const LOAD_BALANCER_STATUS = struct('v1alpha1.LoadBalancerStatus', {
  ingress: field(
    list(
      struct(
        'v1alpha1.LoadBalancerIngressStatus',
        {
          ip: field(STRING, 'Address of a load balancer.'),
          domain: field(STRING, 'Host name of a load balancer.'),
          domainInternal: field(STRING, 'Host name within the cluster.'),
          meshOnly: field(BOOLEAN, 'Whether there is none, because a service mesh does its work.'),
        },
        {description: 'One place where an ingress is reached.'},
      ),
    ),
    'The places.',
  ),
})

const HTTP01_CHALLENGE = struct(
  'v1alpha1.HTTP01Challenge',
  {
    url: field(pointer(text('apis.URL')), 'The URL that the issuer will ask.'),
    serviceName: field(STRING, 'Name of the Service that answers.'),
    serviceNamespace: field(STRING, 'Namespace of that Service.'),
    servicePort: field(INT_OR_STRING, 'Port of that Service.'),
  },
  {description: 'A question of the issuer.'},
)

/** The status of each kind that has one. */
export const STATUS_TYPES = {
  Service: struct('v1.ServiceStatus', {
    status: embedded(STATUS),
    configuration: embedded(CONFIGURATION_STATUS_FIELDS),
    route: embedded(ROUTE_STATUS_FIELDS),
  }),
  Configuration: struct('v1.ConfigurationStatus', {
    status: embedded(STATUS),
    fields: embedded(CONFIGURATION_STATUS_FIELDS),
  }),
  Revision: struct('v1.RevisionStatus', {
    status: embedded(STATUS),
    logUrl: field(STRING, 'Where its logs are, by the template in config-observability.'),
    containerStatuses: field(list(CONTAINER_STATUS), 'The images of the containers, by digest.'),
    initContainerStatuses: field(
      list(CONTAINER_STATUS),
      'The images of the init containers, by digest.',
    ),
    actualReplicas: field(pointer(INT32), 'How many pods are ready.'),
    desiredReplicas: field(pointer(INT32), 'How many pods there should be.'),
  }),
  Route: struct('v1.RouteStatus', {
    status: embedded(STATUS),
    fields: embedded(ROUTE_STATUS_FIELDS),
  }),
  DomainMapping: struct('v1beta1.DomainMappingStatus', {
    status: embedded(STATUS),
    url: field(pointer(text('apis.URL')), URL),
    address: field(pointer(ADDRESSABLE), ADDRESS),
  }),
  Ingress: struct('v1alpha1.IngressStatus', {
    status: embedded(STATUS),
    publicLoadBalancer: field(pointer(LOAD_BALANCER_STATUS), 'Where public hosts are reached.'),
    privateLoadBalancer: field(
      pointer(LOAD_BALANCER_STATUS),
      'Where hosts of the cluster alone are reached.',
    ),
  }),
  ServerlessService: struct('v1alpha1.ServerlessServiceStatus', {
    status: embedded(STATUS),
    serviceName: field(STRING, 'The Service to send requests to.'),
    privateServiceName: field(STRING, 'The Service with the pods, whoever answers.'),
  }),
  Certificate: struct('v1alpha1.CertificateStatus', {
    status: embedded(STATUS),
    notAfter: field(pointer(TIME), 'When the certificate ends.'),
    http01Challenges: field(
      list(HTTP01_CHALLENGE),
      'Questions of the issuer that have to be answered over HTTP.',
    ),
  }),
  PodAutoscaler: struct('v1alpha1.PodAutoscalerStatus', {
    status: embedded(STATUS),
    serviceName: always(STRING, 'The Service to send requests to.'),
    metricsServiceName: always(STRING, 'The Service whose pods are asked for their numbers.'),
    desiredScale: field(
      pointer(INT32),
      'How many pods there should be; -1 before anything was measured.',
    ),
    actualScale: field(pointer(INT32), 'How many pods are ready.'),
  }),
  Metric: struct('v1alpha1.MetricStatus', {status: embedded(STATUS)}),
  Image: struct('v1alpha1.ImageStatus', {status: embedded(STATUS)}),
} as const
