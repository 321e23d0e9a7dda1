import {METRICS, POD_AUTOSCALERS} from '../autoscaling/v1alpha1.ts'
import type {StructuralSchema} from '../extensions/structural-schema.ts'
import type {CustomResourceDefinition} from '../extensions/v1.ts'
import type {StructType} from '../go-types/go-type.ts'
import {INTERNAL_KIND_TYPES, UNADMITTED_KIND_TYPES} from '../go-types/internal.ts'
import {KIND_TYPES} from '../go-types/serving.ts'
import {STATUS_TYPES} from '../go-types/status.ts'
import {
  CLUSTER_DOMAIN_CLAIMS,
  KCERTIFICATES,
  KINGRESSES,
  SERVERLESS_SERVICES,
} from '../networking/v1alpha1.ts'
import {
  CONFIGURATIONS,
  DOMAIN_MAPPINGS,
  IMAGES,
  REVISIONS,
  ROUTES,
  SERVICES,
} from '../serving/v1.ts'
import {column, definitionOf, type KindDefinition} from './definition.ts'
import {schemaFromGo} from './from-go-type.ts'

const RELEASE = '1.13.1'
const LABELS = {
  'app.kubernetes.io/name': 'knative-serving',
  'app.kubernetes.io/version': RELEASE,
  'knative.dev/crd-install': 'true',
}
const NETWORKING_LABELS = {...LABELS, 'app.kubernetes.io/component': 'networking'}
const ADDRESSABLE = {'duck.knative.dev/addressable': 'true'}
const PODSPECABLE = {'duck.knative.dev/podspecable': 'true'}

const SERVING = ['all', 'knative', 'serving']
const NETWORKING = ['knative-internal', 'networking']
const AUTOSCALING = ['knative-internal', 'autoscaling']

const READY = [
  column('Ready', ".status.conditions[?(@.type=='Ready')].status"),
  column('Reason', ".status.conditions[?(@.type=='Ready')].reason"),
]
const URL = column('URL', '.status.url')
const LATEST = [
  column('LatestCreated', '.status.latestCreatedRevisionName'),
  column('LatestReady', '.status.latestReadyRevisionName'),
]

/** A kind before its schema is made. */
interface GoKind extends Omit<KindDefinition, 'schema'> {
  /** Holds the spec. */
  readonly go: StructType
  readonly status?: StructType
}

/** In the order of the release file. */
const KINDS: readonly GoKind[] = [
  {
    type: KCERTIFICATES,
    shortNames: ['kcert'],
    categories: NETWORKING,
    columns: [
      column('Ready', '.status.conditions[?(@.type=="Ready")].status'),
      column('Reason', '.status.conditions[?(@.type=="Ready")].reason'),
    ],
    labels: NETWORKING_LABELS,
    go: INTERNAL_KIND_TYPES.Certificate,
    status: STATUS_TYPES.Certificate,
  },
  {
    type: CONFIGURATIONS,
    shortNames: ['config', 'cfg'],
    categories: SERVING,
    columns: [...LATEST, ...READY],
    labels: {...LABELS, ...PODSPECABLE},
    go: KIND_TYPES.Configuration,
    status: STATUS_TYPES.Configuration,
  },
  {
    type: CLUSTER_DOMAIN_CLAIMS,
    shortNames: ['cdc'],
    categories: NETWORKING,
    labels: NETWORKING_LABELS,
    go: UNADMITTED_KIND_TYPES.ClusterDomainClaim,
  },
  {
    type: DOMAIN_MAPPINGS,
    shortNames: ['dm'],
    categories: SERVING,
    columns: [URL, ...READY],
    labels: LABELS,
    go: KIND_TYPES.DomainMapping,
    status: STATUS_TYPES.DomainMapping,
  },
  {
    type: KINGRESSES,
    shortNames: ['kingress', 'king'],
    categories: NETWORKING,
    columns: READY,
    labels: NETWORKING_LABELS,
    go: INTERNAL_KIND_TYPES.Ingress,
    status: STATUS_TYPES.Ingress,
  },
  {
    type: METRICS,
    categories: AUTOSCALING,
    columns: READY,
    labels: LABELS,
    go: INTERNAL_KIND_TYPES.Metric,
    status: STATUS_TYPES.Metric,
  },
  {
    type: POD_AUTOSCALERS,
    shortNames: ['kpa', 'pa'],
    categories: AUTOSCALING,
    columns: [
      column('DesiredScale', '.status.desiredScale', 'integer'),
      column('ActualScale', '.status.actualScale', 'integer'),
      ...READY,
    ],
    labels: LABELS,
    go: INTERNAL_KIND_TYPES.PodAutoscaler,
    status: STATUS_TYPES.PodAutoscaler,
  },
  {
    type: REVISIONS,
    shortNames: ['rev'],
    categories: SERVING,
    columns: [
      column('Config Name', String.raw`.metadata.labels['serving\.knative\.dev/configuration']`),
      column('K8s Service Name', '.status.serviceName'),
      column(
        'Generation',
        String.raw`.metadata.labels['serving\.knative\.dev/configurationGeneration']`,
      ),
      ...READY,
      column('Actual Replicas', '.status.actualReplicas', 'integer'),
      column('Desired Replicas', '.status.desiredReplicas', 'integer'),
    ],
    labels: LABELS,
    go: KIND_TYPES.Revision,
    status: STATUS_TYPES.Revision,
  },
  {
    type: ROUTES,
    shortNames: ['rt'],
    categories: SERVING,
    columns: [URL, ...READY],
    labels: {...LABELS, ...ADDRESSABLE},
    go: KIND_TYPES.Route,
    status: STATUS_TYPES.Route,
  },
  {
    type: SERVERLESS_SERVICES,
    shortNames: ['sks'],
    categories: NETWORKING,
    columns: [
      column('Mode', '.spec.mode'),
      column('Activators', '.spec.numActivators', 'integer'),
      column('ServiceName', '.status.serviceName'),
      column('PrivateServiceName', '.status.privateServiceName'),
      ...READY,
    ],
    labels: NETWORKING_LABELS,
    go: INTERNAL_KIND_TYPES.ServerlessService,
    status: STATUS_TYPES.ServerlessService,
  },
  {
    type: SERVICES,
    shortNames: ['kservice', 'ksvc'],
    categories: SERVING,
    columns: [URL, ...LATEST, ...READY],
    labels: {...LABELS, ...ADDRESSABLE, ...PODSPECABLE},
    go: KIND_TYPES.Service,
    status: STATUS_TYPES.Service,
  },
  {
    type: IMAGES,
    categories: ['knative-internal', 'caching'],
    columns: [column('Image', '.spec.image')],
    labels: LABELS,
    go: UNADMITTED_KIND_TYPES.Image,
    status: STATUS_TYPES.Image,
  },
]

/**
 * The definitions of Knative Serving's twelve kinds, made from their Go types: as the release file
 * `serving-crds.yaml` has them, with descriptions of our own.
 *
 * Counterpart of knative.dev/serving `config/core/300-resources` and of `cmd/schema-tweak`.
 */
export function servingDefinitions(): CustomResourceDefinition[] {
  return KINDS.map((kind) => definitionOf({...kind, schema: objectSchema(kind)}))
}

/** The schema of a whole object. What everybody has is described by the API server. */
function objectSchema({go, status}: GoKind): StructuralSchema {
  const {properties, ...schema} = schemaFromGo(go)
  return {
    ...schema,
    properties: {
      apiVersion: {type: 'string'},
      kind: {type: 'string'},
      metadata: {type: 'object'},
      ...properties,
      ...(status !== undefined && {
        status: {...schemaFromGo(status), description: 'What is.'},
      }),
    },
  }
}
