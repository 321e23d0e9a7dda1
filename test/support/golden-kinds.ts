/** The files of a recorded folder, and the kinds whose lists they hold. */
import {ENDPOINTS, CORE_SERVICES, EVENTS, PODS} from '../../src/api/core/v1.ts'
import {type ResourceType, resourceType} from '../../src/api/meta/resource-type.ts'

/** Kinds by the name of their file, in the order in which differences are best read. */
export const GOLDEN_KINDS: Readonly<Record<string, ResourceType>> = {
  ksvc: resourceType('serving.knative.dev/v1', 'Service', 'services'),
  configuration: resourceType('serving.knative.dev/v1', 'Configuration', 'configurations'),
  revision: resourceType('serving.knative.dev/v1', 'Revision', 'revisions'),
  route: resourceType('serving.knative.dev/v1', 'Route', 'routes'),
  domainmapping: resourceType('serving.knative.dev/v1beta1', 'DomainMapping', 'domainmappings'),
  kingress: resourceType('networking.internal.knative.dev/v1alpha1', 'Ingress', 'ingresses'),
  podautoscaler: resourceType(
    'autoscaling.internal.knative.dev/v1alpha1',
    'PodAutoscaler',
    'podautoscalers',
  ),
  metric: resourceType('autoscaling.internal.knative.dev/v1alpha1', 'Metric', 'metrics'),
  serverlessservice: resourceType(
    'networking.internal.knative.dev/v1alpha1',
    'ServerlessService',
    'serverlessservices',
  ),
  certificate: resourceType(
    'networking.internal.knative.dev/v1alpha1',
    'Certificate',
    'certificates',
  ),
  image: resourceType('caching.internal.knative.dev/v1alpha1', 'Image', 'images'),
  deployment: resourceType('apps/v1', 'Deployment', 'deployments'),
  replicaset: resourceType('apps/v1', 'ReplicaSet', 'replicasets'),
  pod: PODS,
  service: CORE_SERVICES,
  endpoints: ENDPOINTS,
  endpointslice: resourceType('discovery.k8s.io/v1', 'EndpointSlice', 'endpointslices'),
  virtualservice: resourceType('networking.istio.io/v1beta1', 'VirtualService', 'virtualservices'),
  gateway: resourceType('networking.istio.io/v1beta1', 'Gateway', 'gateways'),
  event: EVENTS,
}
