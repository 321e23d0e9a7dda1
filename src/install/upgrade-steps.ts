import type {ManifestSource} from './manifests.ts'
import {type InstallState, readState, writeState} from './state.ts'
import type {InstallContext, Step} from './step.ts'
import {gatewayStep} from './steps/gateway-step.ts'
import {migrateStorageStep} from './steps/migrate-storage-step.ts'
import {loadedVersions} from './steps/record-step.ts'
import {type Preflight, preflightStep} from './steps/preflight-step.ts'
import {releaseFilesStep} from './steps/release-files-step.ts'
import {
  istioCrdsStep,
  istioStep,
  netIstioStep,
  servingCoreStep,
  servingCrdsStep,
  servingHpaStep,
} from './steps/release-steps.ts'

/** One minor version on the way of an upgrade. */
export interface Hop {
  /** `1.14.0`. */
  readonly version: string
  readonly manifests: ManifestSource
}

/** What is there before an upgrade. */
export interface UpgradeFacts {
  readonly from: string
  /** Whether Istio is kntool's to upgrade. */
  readonly withIstio: boolean
  /** What is asked before the first write. */
  readonly preflight: Preflight
}

/**
 * The steps of an upgrade: the release files of all hops first, so that a missing one stops nothing
 * half-way; what stands in the way of the first hop; then hop by hop kinds, components, net-istio, Istio, and the migration of what is stored.
 */
export function upgradeSteps(
  {settings}: Pick<InstallContext, 'settings'>,
  hops: readonly Hop[],
  facts: UpgradeFacts,
): Step[] {
  return [
    ...hops.map((hop) => within(hop, releaseFilesStep)),
    ...hops.slice(0, 1).map((hop) => within(hop, preflightStep(facts.preflight))),
    ...hops.flatMap((hop) =>
      [
        beginHop(hop, facts),
        servingCrdsStep,
        servingCoreStep,
        ...(settings.withHpa ? [servingHpaStep] : []),
        netIstioStep,
        ...(facts.withIstio ? [istioCrdsStep, gatewayStep, istioStep] : []),
        migrateStorageStep,
        endHop(hop),
      ].map((step) => within(hop, step)),
    ),
  ]
}

/** A step with the release files of a hop. */
function within({version, manifests}: Hop, step: Step): Step {
  const own = (context: InstallContext): InstallContext => ({...context, manifests})
  return {
    ...step,
    id: `${version}/${step.id}`,
    title: `${version}: ${step.title}`,
    check: (context) => step.check(own(context)),
    plan: (context) => step.plan(own(context)),
    apply: (context) => step.apply(own(context)),
    observe: (context) => step.observe(own(context)),
    ...(step.risks && {risks: async (context) => step.risks?.(own(context)) ?? []}),
  }
}

function beginHop({version}: Hop, {from, withIstio}: UpgradeFacts): Step {
  return noteStep('begin', 'Note in the cluster that it began', async (context, before) => ({
    knativeVersion: from,
    istioVersion: 'unknown',
    istio: withIstio ? 'kntool' : 'found',
    startedAt: now(context),
    settings: context.settings,
    ...before,
    phase: 'upgrading',
    upgradingTo: version,
  }))
}

function endHop({version}: Hop): Step {
  return noteStep('end', 'Note in the cluster that it is done', async (context, before) => {
    const {upgradingTo: _, ...rest} = before ?? {istio: 'found', startedAt: now(context)}
    const {istioVersion} = await loadedVersions(context)
    return {
      istioVersion: 'unknown',
      settings: context.settings,
      ...rest,
      phase: 'installed',
      knativeVersion: version,
      ...(rest.istio === 'kntool' && {istioVersion}),
      finishedAt: now(context),
    }
  })
}

/** A step that writes the note in the cluster anew. */
function noteStep(
  id: string,
  title: string,
  next: (context: InstallContext, before: InstallState | undefined) => Promise<InstallState>,
): Step {
  return {
    id,
    title,
    essential: true,
    check: async () => ({state: 'needed'}),
    plan: async () => ({changes: []}),
    apply: async (context) =>
      writeState(context.client, await next(context, await readState(context.client))),
    observe: async () => ({done: true}),
  }
}

function now({clock}: InstallContext): string {
  return new Date(clock.now()).toISOString()
}
