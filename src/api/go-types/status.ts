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
  list,
  map,
  pointer,
  struct,
  text,
} from './go-type.ts'
import {TRAFFIC_TARGET} from './serving.ts'

const CONDITION = struct('apis.Condition', {
  type: always(text('apis.ConditionType')),
  status: always(text('v1.ConditionStatus')),
  severity: text('apis.ConditionSeverity'),
  // Its schema has no format: a condition without a time says "null".
  lastTransitionTime: text('apis.VolatileTime'),
  reason: STRING,
  message: STRING,
})

const STATUS = struct('v1.Status', {
  observedGeneration: INT64,
  conditions: list(CONDITION),
  annotations: map(STRING),
})

const ADDRESSABLE = struct('v1.Addressable', {
  name: pointer(STRING),
  url: pointer(text('apis.URL')),
  CACerts: pointer(STRING),
  audience: pointer(STRING),
})

const CONFIGURATION_STATUS_FIELDS = struct('v1.ConfigurationStatusFields', {
  latestReadyRevisionName: STRING,
  latestCreatedRevisionName: STRING,
})

const ROUTE_STATUS_FIELDS = struct('v1.RouteStatusFields', {
  url: pointer(text('apis.URL')),
  address: pointer(ADDRESSABLE),
  traffic: list(TRAFFIC_TARGET),
})

const CONTAINER_STATUS = struct('v1.ContainerStatus', {name: STRING, imageDigest: STRING})

const LOAD_BALANCER_STATUS = struct('v1alpha1.LoadBalancerStatus', {
  ingress: list(
    struct('v1alpha1.LoadBalancerIngressStatus', {
      ip: STRING,
      domain: STRING,
      domainInternal: STRING,
      meshOnly: BOOLEAN,
    }),
  ),
})

const HTTP01_CHALLENGE = struct('v1alpha1.HTTP01Challenge', {
  url: pointer(text('apis.URL')),
  serviceName: STRING,
  serviceNamespace: STRING,
  servicePort: INT_OR_STRING,
})

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
    logUrl: STRING,
    containerStatuses: list(CONTAINER_STATUS),
    initContainerStatuses: list(CONTAINER_STATUS),
    actualReplicas: pointer(INT32),
    desiredReplicas: pointer(INT32),
  }),
  Route: struct('v1.RouteStatus', {
    status: embedded(STATUS),
    fields: embedded(ROUTE_STATUS_FIELDS),
  }),
  DomainMapping: struct('v1beta1.DomainMappingStatus', {
    status: embedded(STATUS),
    url: pointer(text('apis.URL')),
    address: pointer(ADDRESSABLE),
  }),
  Ingress: struct('v1alpha1.IngressStatus', {
    status: embedded(STATUS),
    publicLoadBalancer: pointer(LOAD_BALANCER_STATUS),
    privateLoadBalancer: pointer(LOAD_BALANCER_STATUS),
  }),
  ServerlessService: struct('v1alpha1.ServerlessServiceStatus', {
    status: embedded(STATUS),
    serviceName: STRING,
    privateServiceName: STRING,
  }),
  Certificate: struct('v1alpha1.CertificateStatus', {
    status: embedded(STATUS),
    notAfter: pointer(TIME),
    http01Challenges: list(HTTP01_CHALLENGE),
  }),
  PodAutoscaler: struct('v1alpha1.PodAutoscalerStatus', {
    status: embedded(STATUS),
    serviceName: always(STRING),
    metricsServiceName: always(STRING),
    desiredScale: pointer(INT32),
    actualScale: pointer(INT32),
  }),
  Metric: struct('v1alpha1.MetricStatus', {status: embedded(STATUS)}),
  Image: struct('v1alpha1.ImageStatus', {status: embedded(STATUS)}),
} as const
