import type {InstallContext, Step} from './step.ts'
import {CONFIG_MAPS} from '../api/core/v1.ts'
import {dnsStep} from './steps/dns-step.ts'
import {gatewayStep} from './steps/gateway-step.ts'
import {releaseFilesStep} from './steps/release-files-step.ts'
import {
  istioCrdsStep,
  istioStep,
  netIstioStep,
  servingCoreStep,
  servingCrdsStep,
  servingHpaStep,
} from './steps/release-steps.ts'
import {lookAroundStep, rootCertificates} from './undo/left-over.ts'
import {
  beginUninstallStep,
  removeNamespaceStep,
  type UninstallFacts,
} from './undo/record-uninstall.ts'
import {recordsGoneStep} from './undo/records-gone.ts'
import {releaseGatewayStep} from './undo/release-gateway.ts'
import {removal} from './undo/remove-objects.ts'
import {removeServicesStep} from './undo/remove-services.ts'
import {resetDomainStep} from './undo/reset-domain.ts'

/**
 * The steps that take an installation away, in the order that leaves nothing behind: what holds the
 * finalizers of something is there until that is gone, and the note in the cluster goes last, so that
 * a run that was interrupted knows what to go on with.
 *
 * - Services while the controllers and the webhook live;
 * - the Service of the gateway while whoever made its load balancer lives;
 * - webhook configurations before the webhooks, which would refuse every other deletion else;
 * - CRDs last, since their objects go with them.
 */
export function uninstallSteps(
  {target, settings}: Pick<InstallContext, 'target' | 'settings'>,
  facts: UninstallFacts,
): Step[] {
  if (target === 'embedded') {
    const reason = 'it stays, being a part of the embedded cluster itself'
    return [
      removeServicesStep,
      resetDomainStep,
      skippedStep(servingCoreStep, reason),
      skippedStep(istioStep, reason),
      skippedStep(netIstioStep, reason),
    ]
  }
  const records = settings.dns === 'external-dns' ? [recordsGoneStep] : []
  return [
    releaseFilesStep,
    beginUninstallStep(facts),
    removeServicesStep,
    undoStep(dnsStep),
    undoStep(netIstioStep),
    ...(facts.withIstio
      ? [
          undoStep(gatewayStep),
          ...records,
          undoStep(istioStep),
          certificatesStep,
          undoStep(istioCrdsStep),
        ]
      : [releaseGatewayStep, ...records, skippedStep(istioStep, ISTIO_STAYS)]),
    ...(settings.withHpa ? [undoStep(servingHpaStep)] : []),
    undoStep(servingCoreStep),
    undoStep(servingCrdsStep),
    removeNamespaceStep,
    lookAroundStep(facts),
  ]
}

const ISTIO_STAYS = 'it stays: it was there before Knative, or others use it (--with-istio)'

/** The certificates that istiod puts into every namespace, once it puts no new ones there. */
const certificatesStep = undoStep({
  id: 'istio-certificates',
  title: 'Certificates of Istio',
  undo: removal(async (context) =>
    (await rootCertificates(context)).map(({live}) => ({
      ...live,
      apiVersion: 'v1',
      kind: CONFIG_MAPS.kind,
    })),
  ),
})

/** The step that takes back what another one brought. */
function undoStep(step: Pick<Step, 'id' | 'title' | 'hint' | 'timeout' | 'pollMs' | 'undo'>): Step {
  const {id, title, hint, timeout, pollMs, undo} = step
  if (undo === undefined) throw new TypeError(`the step ${id} cannot be undone`)
  return {
    id,
    title,
    ...(hint !== undefined && {hint}),
    ...(timeout !== undefined && {timeout}),
    ...(pollMs !== undefined && {pollMs}),
    check: async () => ({state: 'needed'}),
    plan: (context) => undo.plan(context),
    apply: (context) => undo.apply(context),
    observe: (context) => undo.observe(context),
  }
}

function skippedStep({id, title}: Pick<Step, 'id' | 'title'>, reason: string): Step {
  return {
    id,
    title,
    check: async () => ({state: 'skipped', reason}),
    plan: async () => ({changes: []}),
    apply: async () => undefined,
    observe: async () => ({done: true}),
  }
}
