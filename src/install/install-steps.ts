import type {KubeObject} from '../api/meta/object.ts'
import {jsonEqual} from '../util/json.ts'
import {isGateway} from './gateway/find-gateway.ts'
import {splitCrds} from './manifests.ts'
import {crdsReady} from './ready/crds.ts'
import {deploymentsReady} from './ready/deployments.ts'
import {webhooksReady} from './ready/webhooks.ts'
import {readState} from './state.ts'
import type {InstallContext, Poll, Step} from './step.ts'
import {configStep} from './steps/config-step.ts'
import {dnsStep} from './steps/dns-step.ts'
import {domainStep} from './steps/domain-step.ts'
import {gatewayStep} from './steps/gateway-step.ts'
import {loadBalancerStep} from './steps/load-balancer-step.ts'
import {manifestStep} from './steps/manifest-step.ts'
import {beginStep, endStep} from './steps/record-step.ts'
import {smokeTestStep} from './steps/smoke-test-step.ts'

const PODS_HINT = ['kubectl get pods -n knative-serving', 'kubectl get events -n knative-serving']

/** The kinds of Knative. */
const servingCrdsStep = manifestStep({
  id: 'serving-crds',
  title: 'Kinds of Knative Serving',
  essential: true,
  hint: 'kubectl describe crd',
  load: ({manifests}) => manifests.load('serving-crds'),
  ready: crdsReady,
})

/** Its components. */
const servingCoreStep = manifestStep({
  id: 'serving-core',
  title: 'Knative Serving',
  hint: PODS_HINT,
  load: servingCore,
  ready: podsAndWebhooksReady,
})

const servingHpaStep = manifestStep({
  id: 'serving-hpa',
  title: 'Autoscaler of class HPA',
  hint: PODS_HINT,
  load: ({manifests}) => manifests.load('serving-hpa'),
  ready: deploymentsReady,
})

const istioCrdsStep = manifestStep({
  id: 'istio-crds',
  title: 'Kinds of Istio',
  essential: true,
  hint: 'kubectl describe crd',
  load: async ({manifests}) => splitCrds(await manifests.load('istio')).crds,
  ready: crdsReady,
  keep: foundIstio,
})

const istioStep = manifestStep({
  id: 'istio',
  title: 'Istio',
  hint: ['kubectl get pods -n istio-system', 'kubectl get events -n istio-system'],
  load: async ({manifests}) =>
    splitCrds(await manifests.load('istio')).rest.filter((object) => !isGateway(object)),
  ready: deploymentsReady,
  keep: foundIstio,
})

const netIstioStep = manifestStep({
  id: 'net-istio',
  title: 'net-istio',
  hint: PODS_HINT,
  load: ({manifests}) => manifests.load('net-istio'),
  ready: podsAndWebhooksReady,
})

/**
 * The steps of an installation in the order that works: CRDs before what uses them, Serving's
 * webhook ready before net-istio, whose Certificate it must admit.
 */
export function installSteps({
  target,
  settings,
}: Pick<InstallContext, 'target' | 'settings'>): Step[] {
  // An embedded cluster always has Knative: nothing has to be remembered about it.
  const isRecorded = target === 'cluster'
  return [
    servingCrdsStep,
    servingCoreStep,
    ...(isRecorded ? [beginStep] : []),
    ...(settings.withHpa ? [servingHpaStep] : []),
    istioCrdsStep,
    gatewayStep,
    istioStep,
    netIstioStep,
    domainStep,
    configStep,
    loadBalancerStep,
    dnsStep,
    smokeTestStep,
    ...(isRecorded ? [endStep] : []),
  ]
}

/** The core file repeats the CRDs: what the file of the CRDs has already is not sent again. */
async function servingCore({manifests}: InstallContext): Promise<KubeObject[]> {
  const [core, crds] = await Promise.all([
    manifests.load('serving-core'),
    manifests.load('serving-crds'),
  ])
  const sent = new Map(crds.map((crd) => [`${crd.kind}/${crd.metadata.name}`, crd]))
  return core.filter((object) => {
    const same = sent.get(`${object.kind}/${object.metadata.name}`)
    return same === undefined || !jsonEqual(same, object)
  })
}

async function podsAndWebhooksReady(
  context: InstallContext,
  objects: readonly KubeObject[],
): Promise<Poll> {
  const pods = await deploymentsReady(context, objects)
  return pods.done ? webhooksReady(context, objects) : pods
}

async function foundIstio({client}: InstallContext): Promise<string | undefined> {
  const state = await readState(client)
  return state?.istio === 'found' ? 'Istio stays: it was there before Knative' : undefined
}
