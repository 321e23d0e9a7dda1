/** The steps that bring the release files, and take them away again. */
import {SYSTEM_NAMESPACE} from '../../api/config/system-namespace.ts'
import type {KubeObject} from '../../api/meta/object.ts'
import {jsonEqual} from '../../util/json.ts'
import {isGateway} from '../gateway/find-gateway.ts'
import {splitCrds} from '../manifests.ts'
import {crdsReady} from '../ready/crds.ts'
import {deploymentsReady} from '../ready/deployments.ts'
import {webhooksReady} from '../ready/webhooks.ts'
import type {InstallContext, Poll} from '../step.ts'
import {manifestStep} from './manifest-step.ts'

const PODS_HINT = ['kubectl get pods -n knative-serving', 'kubectl get events -n knative-serving']

/** The namespace that holds the state of the installation; it goes last. */
/** The kinds of Knative. */
export const servingCrdsStep = manifestStep({
  id: 'serving-crds',
  title: 'Kinds of Knative Serving',
  essential: true,
  hint: 'kubectl describe crd',
  load: ({manifests}) => manifests.load('serving-crds'),
  ready: crdsReady,
})

/** Its components. */
export const servingCoreStep = manifestStep({
  id: 'serving-core',
  title: 'Knative Serving',
  hint: PODS_HINT,
  load: servingCore,
  ready: podsAndWebhooksReady,
  undone: async (context) =>
    (await servingCore(context)).filter(
      (object) => object.kind !== 'CustomResourceDefinition' && !isNamespace(object),
    ),
})

/** Its autoscaler of class HPA. */
export const servingHpaStep = manifestStep({
  id: 'serving-hpa',
  title: 'Autoscaler of class HPA',
  hint: PODS_HINT,
  load: ({manifests}) => manifests.load('serving-hpa'),
  ready: deploymentsReady,
})

/** The kinds of Istio. */
export const istioCrdsStep = manifestStep({
  id: 'istio-crds',
  title: 'Kinds of Istio',
  essential: true,
  hint: 'kubectl describe crd',
  load: async ({manifests}) => splitCrds(await manifests.load('istio')).crds,
  ready: crdsReady,
})

/** Istio without the Service of its gateway, which has a step of its own. */
export const istioStep = manifestStep({
  id: 'istio',
  title: 'Istio',
  hint: ['kubectl get pods -n istio-system', 'kubectl get events -n istio-system'],
  load: async ({manifests}) =>
    splitCrds(await manifests.load('istio')).rest.filter((object) => !isGateway(object)),
  ready: deploymentsReady,
})

/** What makes routes in Istio of the Ingresses of Knative. */
export const netIstioStep = manifestStep({
  id: 'net-istio',
  title: 'net-istio',
  hint: PODS_HINT,
  load: ({manifests}) => manifests.load('net-istio'),
  ready: podsAndWebhooksReady,
  undone: async ({manifests}) =>
    (await manifests.load('net-istio')).filter((object) => !isNamespace(object)),
})

function isNamespace({kind, metadata}: KubeObject): boolean {
  return kind === 'Namespace' && metadata.name === SYSTEM_NAMESPACE
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
