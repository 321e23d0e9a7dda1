/** Whether the components of Knative, Istio and net-istio run and are set up as they must be. */
import type {Deployment, EndpointSlice} from '../../api/apps/v1.ts'
import type {ConfigMap, CoreService, Pod} from '../../api/core/v1.ts'
import type {KubeObject} from '../../api/meta/object.ts'
import {checkExample} from '../../api/config/example.ts'
import {CLUSTER_LOCAL_DOMAIN} from '../../api/config/domain.ts'
import {SYSTEM_NAMESPACE, CONFIG_DOMAIN} from '../../api/config/system-namespace.ts'
import {neededNetworkSettings} from '../../install/config/config-maps.ts'
import {defaultDomains} from '../../install/config/domains.ts'
import {GATEWAY} from '../../install/gateway/gateway-service.ts'
import {judgeDeployment} from '../../install/ready/deployments.ts'
import {podProblem} from '../../install/ready/pods.ts'
import {judgeWebhooks, type WebhookConfiguration} from '../../install/ready/webhooks.ts'
import {defaultDomain} from '../../install/settings.ts'
import {type Check, defineCheck, failed, ok, type Verdict, warned} from '../check.ts'
import {type PodAutoscaler} from '../readings.ts'

/** The Deployments without which nothing works, by the step that brings them. */
export const COMPONENTS = {
  'serving-core': ['activator', 'autoscaler', 'controller', 'webhook'].map(
    (name) => `${SYSTEM_NAMESPACE}/${name}`,
  ),
  istio: [`${GATEWAY.namespace}/istiod`, `${GATEWAY.namespace}/${GATEWAY.name}`],
  'net-istio': [
    `${SYSTEM_NAMESPACE}/net-istio-controller`,
    `${SYSTEM_NAMESPACE}/net-istio-webhook`,
  ],
} as const

/** Whether every component has its pods. */
export function judgeComponents(
  deployments: readonly Deployment[],
  names: readonly string[] = Object.values(COMPONENTS).flat(),
): Verdict {
  const missing: string[] = []
  for (const name of names) {
    const [namespace, plain = ''] = name.split('/')
    const found = deployments.find(
      ({metadata}) => metadata.namespace === namespace && metadata.name === plain,
    )
    if (found === undefined) {
      missing.push(`${name} (not there)`)
      continue
    }
    const poll = judgeDeployment(found, plain)
    if (!poll.done) missing.push(poll.waitingFor.replace('the Deployment ', `${namespace}/`))
  }
  const [first] = missing
  if (first === undefined) return ok(`${names.length} Deployments are available`)
  const [namespace = '', name = ''] = (first.split(' ')[0] ?? '').split('/')
  return failed({
    message:
      missing.length === 1
        ? `A component is not available: ${first}.`
        : `${missing.length} components are not available, first ${first}.`,
    evidence: missing,
    command: `kubectl describe deployment ${name} -n ${namespace}`,
  })
}

/** What keeps pods of the system from being ready. */
export function judgePods(pods: readonly Pod[]): Verdict {
  const own = pods.filter(isOfSystem)
  const problems = own.flatMap((pod) => {
    const problem = podProblem(pod)
    return problem === undefined ? [] : [{pod, problem}]
  })
  const [first] = problems
  if (first === undefined) return ok(`${own.length} pods`)
  const {name, namespace} = first.pod.metadata
  return failed({
    message: `${first.problem}.`,
    evidence: problems.map(({problem}) => problem),
    ...hintForPod(first.problem),
    command: `kubectl describe pod ${name} -n ${namespace}`,
  })
}

function isOfSystem({metadata}: KubeObject): boolean {
  return [SYSTEM_NAMESPACE, GATEWAY.namespace].includes(metadata.namespace ?? '')
}

function hintForPod(problem: string): {hint?: string} {
  if (/ImagePull|ErrImage/.test(problem)) {
    return {hint: 'The nodes have to reach the registry, or a mirror with these images.'}
  }
  if (/Unschedulable/.test(problem)) return {hint: 'Add nodes, or larger ones.'}
  if (/kubernetes version .* is not compatible/.test(problem)) {
    return {hint: 'This Knative needs a newer Kubernetes: kntool doctor --only kubernetes-version'}
  }
  return {}
}

interface Webhooks {
  readonly configurations: readonly WebhookConfiguration[]
  readonly slices: readonly EndpointSlice[]
}

/** Whether the webhooks whose Services are in Knative's namespace answer. */
export function judgeKnativeWebhooks({configurations, slices}: Webhooks): Verdict {
  const own = configurations.filter(({webhooks = []}) =>
    webhooks.some(({clientConfig}) => clientConfig?.service?.namespace === SYSTEM_NAMESPACE),
  )
  const names = own.map(({metadata}) => metadata.name)
  const poll = judgeWebhooks(names, own, slices)
  if (poll.done) return ok(...names)
  return failed({
    message: `The webhooks are not ready: there is not yet ${poll.waitingFor}.`,
    hint: 'Until then the API server refuses changes of Services and of ConfigMaps of Knative.',
    command: `kubectl get endpointslices,pods -n ${SYSTEM_NAMESPACE} -l app.kubernetes.io/component=webhook`,
  })
}

type ConfigMaps = ReadonlyMap<string, ConfigMap>

/** Which domain Services get. */
export function judgeDomain({
  configMaps,
  wanted,
}: {
  configMaps: ConfigMaps
  wanted: string
}): Verdict {
  const data = configMaps.get(CONFIG_DOMAIN.name)?.data
  const domains = defaultDomains(data).toSorted()
  const [first, ...others] = domains
  if (first === undefined) {
    return failed({
      message: `Services get URLs under ${CLUSTER_LOCAL_DOMAIN}: config-domain has no domain for all of them.`,
      hint: 'Only the cluster itself reaches those.',
      command: 'kntool install --domain DOMAIN',
    })
  }
  if (others.length > 0) {
    const rival = domains.find((domain) => wanted !== '' && domain !== wanted) ?? others[0]
    return warned({
      message: `config-domain has several domains for all services: ${domains.join(', ')}; Knative uses ${first} for every one.`,
      command: `kubectl patch configmap config-domain -n ${SYSTEM_NAMESPACE} --type merge -p '{"data":{"${rival}":null}}'`,
    })
  }
  if (wanted !== '' && first !== wanted) {
    return warned({
      message: `Services get URLs under ${first}; the installation set ${wanted}.`,
      command: `kntool install --domain ${wanted}`,
    })
  }
  return ok(first)
}

/** Whether somebody wrote a setting into the documentation. */
export function judgeExamples(configMaps: ConfigMaps): Verdict {
  const edited = [...configMaps].filter(([, configMap]) => {
    try {
      checkExample(configMap)
      return false
    } catch {
      return true
    }
  })
  const [name] = edited.map(([key]) => key)
  if (name === undefined) return ok()
  return warned({
    message: `${name}: a change is inside _example, where it has no effect.`,
    evidence: edited.map(([key]) => key),
    hint: 'Move it out of _example, directly below "data".',
    command: `kubectl edit configmap ${name} -n ${SYSTEM_NAMESPACE}`,
  })
}

/** Whether net-istio is asked to serve the ingresses. */
export function judgeIngressClass(configMaps: ConfigMaps): Verdict {
  const data = configMaps.get('config-network')?.data
  const [wrong] = neededNetworkSettings(data)
  if (wrong === undefined) return ok()
  return failed({
    message: `config-network has ${wrong.key}=${data?.[wrong.key]}: net-istio leaves the services alone.`,
    hint: 'A networking layer that was there before may have left it.',
    command: `kubectl patch configmap config-network -n ${SYSTEM_NAMESPACE} --type merge -p '{"data":{"${wrong.key}":"${wrong.value}"}}'`,
  })
}

/** Whether net-istio finds the Service of the gateway. */
export function judgeGatewayLabels(service: CoreService | undefined): Verdict {
  if (service?.metadata.labels?.['istio'] === 'ingressgateway') return ok()
  return failed({
    message: `The Service ${GATEWAY.namespace}/${GATEWAY.name} lacks the label istio=ingressgateway: net-istio does not find the gateway.`,
    command: `kubectl label service ${GATEWAY.name} -n ${GATEWAY.namespace} istio=ingressgateway`,
  })
}

/** Whether autoscalers of the components know how busy their pods are. */
export function judgeAutoscalers(autoscalers: readonly PodAutoscaler[]): Verdict {
  const blind = autoscalers.flatMap(({metadata, status}) => {
    const active = status?.conditions?.find(({type}) => type === 'ScalingActive')
    return active?.status === 'False' && /Metric/.test(active.reason ?? '')
      ? [`${metadata.namespace}/${metadata.name} ${active.reason}: ${active.message ?? ''}`]
      : []
  })
  const [first] = blind
  if (first === undefined) return ok()
  return warned({
    message: `An autoscaler knows no load of its pods: ${first}`,
    evidence: blind,
    hint: 'The cluster has no metrics-server: these components keep their number of pods.',
    command: 'kubectl get apiservice v1beta1.metrics.k8s.io',
  })
}

export const KNATIVE_CHECKS: readonly Check[] = [
  defineCheck({
    id: 'components',
    category: 'knative',
    title: 'The components are available',
    reads: ['deployments.apps'],
    needs: ['running', 'knative'],
    read: ({readings}) => readings.deployments(),
    judge: (deployments) => judgeComponents(deployments),
  }),
  defineCheck({
    id: 'pods',
    category: 'knative',
    title: 'Nothing keeps their pods',
    reads: ['pods'],
    needs: ['running', 'knative'],
    read: ({readings}) => readings.pods(),
    judge: judgePods,
  }),
  defineCheck({
    id: 'autoscalers',
    category: 'knative',
    title: 'Autoscalers know the load',
    reads: ['horizontalpodautoscalers.autoscaling'],
    needs: ['real-cluster', 'knative'],
    read: async ({readings}) => (await readings.autoscalers()).filter(isOfSystem),
    judge: judgeAutoscalers,
  }),
  defineCheck({
    id: 'webhooks',
    category: 'knative',
    title: 'The webhooks answer',
    reads: [
      'mutatingwebhookconfigurations.admissionregistration.k8s.io',
      'validatingwebhookconfigurations.admissionregistration.k8s.io',
      'endpointslices.discovery.k8s.io',
    ],
    needs: ['real-cluster', 'knative'],
    read: async ({readings}): Promise<Webhooks> => ({
      configurations: await readings.webhooks(),
      slices: await readings.endpointSlices(),
    }),
    judge: judgeKnativeWebhooks,
  }),
  defineCheck({
    id: 'domain',
    category: 'knative',
    title: 'Services get the domain',
    reads: ['configmaps'],
    needs: ['knative'],
    read: async ({readings, settings}) => ({
      configMaps: await readings.configMaps(),
      wanted: defaultDomain(settings),
    }),
    judge: judgeDomain,
  }),
  defineCheck({
    id: 'config-examples',
    category: 'knative',
    title: 'No setting is hidden in documentation',
    reads: ['configmaps'],
    needs: ['knative'],
    read: ({readings}) => readings.configMaps(),
    judge: judgeExamples,
  }),
  defineCheck({
    id: 'ingress-class',
    category: 'istio',
    title: 'Ingresses are those of net-istio',
    reads: ['configmaps'],
    needs: ['knative'],
    read: ({readings}) => readings.configMaps(),
    judge: judgeIngressClass,
  }),
  defineCheck({
    id: 'gateway-labels',
    category: 'istio',
    title: 'net-istio finds the gateway',
    reads: ['services'],
    needs: ['gateway'],
    read: ({readings}) => readings.gateway(),
    judge: judgeGatewayLabels,
  }),
]
