/** Objects for tests, as small as they can be. */
import type {Condition} from '../../src/api/conditions.ts'
import type {
  Configuration,
  DomainMapping,
  Revision,
  Route,
  Service,
  TrafficTarget,
} from '../../src/api/serving/v1.ts'

const API_VERSION = 'serving.knative.dev/v1'
const TEMPLATE_SPEC = {
  containerConcurrency: 0,
  timeoutSeconds: 300,
  enableServiceLinks: false,
  containers: [
    {
      name: 'user-container',
      image: 'example.com/hello:1',
      readinessProbe: {tcpSocket: {port: 0}, successThreshold: 1},
      resources: {},
    },
  ],
}

/** A Service that sends everything to its latest revision. */
export function aService(name = 'hello', changes: Partial<Service['metadata']> = {}): Service {
  return {
    apiVersion: API_VERSION,
    kind: 'Service',
    metadata: {name, namespace: 'default', generation: 1, ...changes},
    spec: {
      template: {spec: structuredClone(TEMPLATE_SPEC)},
      traffic: [{latestRevision: true, percent: 100}],
    },
  }
}

/** A Configuration. */
export function aConfiguration(
  name = 'hello',
  changes: Partial<Configuration['metadata']> = {},
): Configuration {
  return {
    apiVersion: API_VERSION,
    kind: 'Configuration',
    metadata: {name, namespace: 'default', generation: 1, ...changes},
    spec: {template: {spec: structuredClone(TEMPLATE_SPEC)}},
  }
}

/** A revision as its Configuration makes it. */
export function aRevision(
  name = 'hello-00001',
  changes: Partial<Revision['metadata']> = {},
): Revision {
  const [, configuration = name, generation = '1'] = /^(.*)-0*(\d+)$/.exec(name) ?? []
  const {labels, ...rest} = changes
  return {
    apiVersion: API_VERSION,
    kind: 'Revision',
    metadata: {
      name,
      namespace: 'default',
      generation: 1,
      labels: {
        'serving.knative.dev/configuration': configuration,
        'serving.knative.dev/configurationGeneration': generation,
        ...labels,
      },
      ...rest,
    },
    spec: structuredClone(TEMPLATE_SPEC),
  }
}

/** A Route with this traffic. */
export function aRoute(
  traffic: TrafficTarget[] = [{configurationName: 'hello', latestRevision: true, percent: 100}],
  changes: Partial<Route['metadata']> = {},
): Route {
  return {
    apiVersion: API_VERSION,
    kind: 'Route',
    metadata: {name: 'hello', namespace: 'default', generation: 1, ...changes},
    spec: {traffic},
  }
}

/** A DomainMapping to the Knative Service `hello`. */
export function aDomainMapping(name = 'www.example.org'): DomainMapping {
  return {
    apiVersion: 'serving.knative.dev/v1beta1',
    kind: 'DomainMapping',
    metadata: {name, namespace: 'default', generation: 1},
    spec: {ref: {apiVersion: API_VERSION, kind: 'Service', name: 'hello', namespace: 'default'}},
  }
}

/** A status that is Ready in the first generation, with more fields. */
export function ready<T extends object>(
  fields: T = {} as T,
): T & {
  observedGeneration: number
  conditions: Condition[]
} {
  return {observedGeneration: 1, conditions: [{type: 'Ready', status: 'True'}], ...fields}
}

/** A status that is not Ready, for a reason. */
export function notReady(
  status: 'False' | 'Unknown',
  reason: string,
  message = '',
): {
  observedGeneration: number
  conditions: Condition[]
} {
  return {observedGeneration: 1, conditions: [{type: 'Ready', status, reason, message}]}
}

/** Conditions by type as `status reason: message`, without the times. */
export function summarize(status: {conditions?: Condition[]} | undefined): Record<string, string> {
  return Object.fromEntries(
    (status?.conditions ?? []).map(({type, status: value, reason = '', message = ''}) => [
      type,
      [value, reason, message].filter((text) => text !== '').join(' '),
    ]),
  )
}
