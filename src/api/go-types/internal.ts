/**
 * Specs of `networking.internal.knative.dev` (knative.dev/networking) and
 * `autoscaling.internal.knative.dev` (knative.dev/serving).
 */
import {LOCAL_OBJECT_REFERENCE} from './core-volumes.ts'
import {
  INT32,
  INT64,
  INT_OR_STRING,
  STRING,
  always,
  embedded,
  list,
  map,
  pointer,
  struct,
  text,
} from './go-type.ts'

const INT = {kind: 'integer', name: 'int'} as const

const OBJECT_REFERENCE = struct('v1.ObjectReference', {
  kind: STRING,
  namespace: STRING,
  name: STRING,
  uid: text('types.UID'),
  apiVersion: STRING,
  resourceVersion: STRING,
  fieldPath: STRING,
})

const BACKEND = struct('v1alpha1.IngressBackend', {
  serviceNamespace: always(STRING),
  serviceName: always(STRING),
  servicePort: always(INT_OR_STRING),
})

const SPLIT = struct('v1alpha1.IngressBackendSplit', {
  backend: embedded(BACKEND),
  percent: INT,
  appendHeaders: map(STRING),
})

const PATH = struct('v1alpha1.HTTPIngressPath', {
  path: STRING,
  rewriteHost: STRING,
  headers: map(struct('v1alpha1.HeaderMatch', {exact: always(STRING)})),
  splits: always(list(SPLIT)),
  appendHeaders: map(STRING),
})

const RULE = struct('v1alpha1.IngressRule', {
  hosts: list(STRING),
  visibility: text('v1alpha1.IngressVisibility'),
  http: pointer(struct('v1alpha1.HTTPIngressRuleValue', {paths: always(list(PATH))})),
})

const TLS = struct('v1alpha1.IngressTLS', {
  hosts: list(STRING),
  secretName: STRING,
  secretNamespace: STRING,
})

/** Kinds that no webhook decodes. */
export const UNADMITTED_KIND_TYPES = {
  ClusterDomainClaim: struct('v1alpha1.ClusterDomainClaim', {
    spec: struct('v1alpha1.ClusterDomainClaimSpec', {namespace: always(STRING)}),
  }),
  Image: struct('v1alpha1.Image', {
    spec: struct('v1alpha1.ImageSpec', {
      image: always(STRING),
      serviceAccountName: STRING,
      imagePullSecrets: list(LOCAL_OBJECT_REFERENCE),
    }),
  }),
} as const

/** The kinds controllers write, as far as a round trip changes them. */
export const INTERNAL_KIND_TYPES = {
  Ingress: struct('v1alpha1.Ingress', {
    spec: struct('v1alpha1.IngressSpec', {
      tls: list(TLS),
      rules: list(RULE),
      httpOption: text('v1alpha1.HTTPOption'),
    }),
  }),
  ServerlessService: struct('v1alpha1.ServerlessService', {
    spec: struct('v1alpha1.ServerlessServiceSpec', {
      mode: text('v1alpha1.ServerlessServiceOperationMode'),
      objectRef: always(OBJECT_REFERENCE),
      protocolType: always(text('networking.ProtocolType')),
      numActivators: INT32,
    }),
  }),
  Certificate: struct('v1alpha1.Certificate', {
    spec: struct('v1alpha1.CertificateSpec', {
      dnsNames: always(list(STRING)),
      domain: STRING,
      secretName: always(STRING),
    }),
  }),
  PodAutoscaler: struct('v1alpha1.PodAutoscaler', {
    spec: struct('v1alpha1.PodAutoscalerSpec', {
      containerConcurrency: INT64,
      scaleTargetRef: always(OBJECT_REFERENCE),
      reachability: text('v1alpha1.ReachabilityType'),
      protocolType: always(text('networking.ProtocolType')),
    }),
  }),
  Metric: struct('v1alpha1.Metric', {
    spec: struct('v1alpha1.MetricSpec', {
      stableWindow: always({kind: 'integer', name: 'time.Duration'}),
      panicWindow: always({kind: 'integer', name: 'time.Duration'}),
      scrapeTarget: always(STRING),
    }),
  }),
} as const
