/** Whether what config-istio names is there and serves: Gateways, their Services and pods. */
import {SYSTEM_NAMESPACE} from '../../api/config/system-namespace.ts'
import {type IstioGateway, gatewayServiceKey, parseIstioConfig} from '../../api/config/istio.ts'
import type {ConfigMap, CoreService, Pod} from '../../api/core/v1.ts'
import {parseServerHost, someCovers} from '../../api/istio/gateway-hosts.ts'
import type {Gateway} from '../../api/istio/v1beta1.ts'
import {matchesLabels} from '../../api/meta/label-selector.ts'
import {keyOf, type KubeObject} from '../../api/meta/object.ts'
import type {IngressVisibility, KIngress} from '../../api/networking/v1alpha1.ts'
import {messageOf} from '../../util/message-of.ts'
import {type Check, defineCheck, failed, ok, type Problem, skipped, type Verdict} from '../check.ts'

const EDIT_CONFIG = `kubectl edit configmap config-istio -n ${SYSTEM_NAMESPACE}`
/** In which newer releases choose gateways by labels of the route; only the default ones are plain. */
const NEWER_KEYS = ['external-gateways', 'local-gateways']

interface GatewayFacts {
  readonly configMaps: ReadonlyMap<string, ConfigMap>
  readonly gateways: readonly Gateway[]
  readonly services: readonly CoreService[]
  readonly pods: readonly Pod[]
  readonly ingresses: readonly KIngress[]
}

/** Whether every gateway of config-istio has pods that serve the hosts of all routes. */
export function judgeGateways(facts: GatewayFacts): Verdict {
  const data = facts.configMaps.get('config-istio')?.data ?? {}
  const [newer] = NEWER_KEYS.filter((key) => data[key] !== undefined)
  if (newer !== undefined) return skipped(`config-istio chooses gateways by ${newer}`)
  try {
    const {ingressGateways, localGateways} = parseIstioConfig(data)
    for (const [visibility, gateways] of [
      ['ExternalIP', ingressGateways],
      ['ClusterLocal', localGateways],
    ] as const) {
      for (const named of gateways) {
        const problem = problemOf(named, visibility, facts)
        if (problem !== undefined) return problem
      }
    }
    return ok(...[...ingressGateways, ...localGateways].map(({serviceUrl}) => serviceUrl))
  } catch (error) {
    return failed({message: `config-istio: ${messageOf(error)}`, command: EDIT_CONFIG})
  }
}

/** The first thing that keeps a gateway from serving, nearest to the configuration first. */
function problemOf(
  named: IstioGateway,
  visibility: IngressVisibility,
  facts: GatewayFacts,
): Problem | undefined {
  const gateway = facts.gateways.find(isNamed(named))
  const key = gatewayServiceKey(named)
  const service = facts.services.find(isNamed(key))
  const [gatewayName, serviceName] = [
    `${named.namespace}/${named.name}`,
    `${key.namespace}/${key.name}`,
  ]
  if (service === undefined) {
    return failed({
      message: `The Service ${serviceName}, which config-istio names for the Gateway ${gatewayName}, does not exist.`,
      hint: `Services there: kubectl get services -n ${key.namespace}`,
      command: EDIT_CONFIG,
    })
  }
  if (gateway === undefined) {
    return failed({
      message: `The Gateway ${gatewayName} does not exist.`,
      hint: `Correct config-istio, or install it again: kntool install --domain DOMAIN`,
      command: `kubectl get gateways.networking.istio.io -n ${named.namespace}`,
    })
  }
  const behind = podsBehind(service, facts.pods)
  if (behind.length === 0) {
    return failed({
      message: `The Service ${serviceName} selects no pod that is ready: ${labelText(service.spec.selector)}.`,
      hint: 'Its selector has to be labels of the pods of the gateway.',
      command: `kubectl get pods -n ${key.namespace} --show-labels`,
    })
  }
  const {selector = {}} = gateway.spec
  if (!behind.some(({metadata}) => matchesLabels(metadata.labels, selector))) {
    return failed({
      message: `The Gateway ${gatewayName} selects other pods (${labelText(selector)}) than its Service ${serviceName} (${labelText(service.spec.selector)}).`,
      hint: `Its selector has to be labels of the pods: kubectl get pods -n ${key.namespace} --show-labels`,
      command: `kubectl edit gateways.networking.istio.io ${named.name} -n ${named.namespace}`,
    })
  }
  return unservedHost(gateway, visibility, facts.ingresses)
}

/** A host of a route that no server of the Gateway takes. Routes with Gateways of their own are left out. */
function unservedHost(
  gateway: Gateway,
  visibility: IngressVisibility,
  ingresses: readonly KIngress[],
): Problem | undefined {
  const {name, namespace} = gateway.metadata
  const hosts = (gateway.spec.servers ?? []).flatMap((server) =>
    server.hosts.map((host) => parseServerHost(host, namespace)),
  )
  for (const {metadata, spec} of ingresses) {
    const hasOwn = (spec.tls ?? []).length > 0 || spec.httpOption === 'Redirected'
    if (visibility === 'ExternalIP' && hasOwn) continue
    for (const rule of spec.rules ?? []) {
      if ((rule.visibility ?? 'ExternalIP') !== visibility) continue
      const missed = rule.hosts?.find((host) => !someCovers(hosts, host, metadata.namespace ?? ''))
      if (missed === undefined) continue
      return failed({
        message: `The Gateway ${namespace}/${name} does not take ${missed}, the host of ${metadata.namespace}/${metadata.name}.`,
        evidence: hosts.map(({host}) => host),
        hint: 'Its servers have to take every host: hosts: ["*"]',
        command: `kubectl edit gateways.networking.istio.io ${name} -n ${namespace}`,
      })
    }
  }
  return undefined
}

function podsBehind({metadata, spec}: CoreService, pods: readonly Pod[]): Pod[] {
  const {selector = {}} = spec
  if (Object.keys(selector).length === 0) return []
  return pods.filter(
    (pod) =>
      pod.metadata.namespace === metadata.namespace &&
      matchesLabels(pod.metadata.labels, selector) &&
      (pod.status?.conditions ?? []).some(
        ({type, status}) => type === 'Ready' && status === 'True',
      ),
  )
}

function isNamed({name, namespace}: {name: string; namespace: string}) {
  return (object: KubeObject): boolean => keyOf(object) === `${namespace}/${name}`
}

function labelText(labels: Readonly<Record<string, string>> = {}): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`)
  return pairs.length === 0 ? 'no labels' : pairs.join(',')
}

export const GATEWAY_CHECKS: readonly Check[] = [
  defineCheck({
    id: 'gateways',
    category: 'istio',
    title: 'The gateways serve the hosts of all routes',
    reads: [
      'configmaps',
      'gateways.networking.istio.io',
      'services',
      'pods',
      'ingresses.networking.internal.knative.dev',
    ],
    needs: ['running', 'knative', 'gateway'],
    read: async ({readings}): Promise<GatewayFacts> => ({
      configMaps: await readings.configMaps(),
      gateways: await readings.gateways(),
      services: await readings.coreServices(),
      pods: await readings.pods(),
      ingresses: await readings.ingresses(),
    }),
    judge: judgeGateways,
  }),
]
