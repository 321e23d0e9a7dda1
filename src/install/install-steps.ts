import {splitCrds} from './manifests.ts'
import {waitForCrds, waitForDeployments, waitForEndpoints} from './readiness.ts'
import type {InstallContext, Step} from './step.ts'
import {domainStep} from './steps/domain-step.ts'
import {manifestStep} from './steps/manifest-step.ts'
import {skippedOnEmbedded} from './steps/skipped-step.ts'
import {smokeTestStep} from './steps/smoke-test-step.ts'

const EMBEDDED_GATEWAY = 'the gateway of the embedded cluster listens on this machine'

/**
 * The steps of an installation in the order that works: CRDs before what uses them, Serving's
 * webhook ready before net-istio, whose Certificate it must admit.
 */
export function installSteps(): Step[] {
  return [
    manifestStep({
      id: 'serving-crds',
      title: 'Kinds of Knative Serving',
      load: (context) => context.manifests.load('serving-crds'),
      verify: async (context) => waitForCrds(context, await context.manifests.load('serving-crds')),
    }),
    manifestStep({
      id: 'serving-core',
      title: 'Knative Serving',
      load: (context) => context.manifests.load('serving-core'),
      verify: async (context) => {
        await waitForDeployments(context, await context.manifests.load('serving-core'))
        await waitForEndpoints(context, 'knative-serving', 'webhook')
      },
    }),
    manifestStep({
      id: 'istio-crds',
      title: 'Kinds of Istio',
      load: async (context) => splitCrds(await context.manifests.load('istio')).crds,
      verify: async (context) =>
        waitForCrds(context, splitCrds(await context.manifests.load('istio')).crds),
    }),
    manifestStep({
      id: 'istio',
      title: 'Istio and its gateway',
      load: async (context) => splitCrds(await context.manifests.load('istio')).rest,
      verify: async (context) =>
        waitForDeployments(context, splitCrds(await context.manifests.load('istio')).rest),
    }),
    manifestStep({
      id: 'net-istio',
      title: 'net-istio',
      load: (context: InstallContext) => context.manifests.load('net-istio'),
      verify: async (context) =>
        waitForDeployments(context, await context.manifests.load('net-istio')),
    }),
    domainStep,
    skippedOnEmbedded({
      id: 'load-balancer',
      title: 'Network Load Balancer',
      reason: `no AWS here: ${EMBEDDED_GATEWAY}`,
    }),
    skippedOnEmbedded({
      id: 'dns',
      title: 'Wildcard DNS record',
      reason: 'no Route 53 here: kntool curl finds the gateway without DNS',
    }),
    smokeTestStep,
  ]
}
