import {messageOf} from '../../../util/message-of.ts'
import type {ConfigStore} from '../../../api/config/config-store.ts'
import type {CoreService, Endpoints} from '../../../api/core/v1.ts'
import {serviceHostname} from '../../../api/networking/names.ts'
import {type KCertificate, type KIngress, KINGRESSES} from '../../../api/networking/v1alpha1.ts'
import {isReady, statusOf} from '../../../api/reconcile-status.ts'
import {ROLLOUT_DURATION_ANNOTATION} from '../../../api/serving/metadata-keys.ts'
import {RouteLifecycle} from '../../../api/serving/route-lifecycle.ts'
import {
  type Configuration,
  CONFIGURATIONS,
  type Revision,
  REVISIONS,
  type Route,
  ROUTES,
} from '../../../api/serving/v1.ts'
import type {Client} from '../../../client/client.ts'
import type {
  KindReconciler,
  ReconcileContext,
  ReconcileResult,
} from '../../../controller/controller.ts'
import type {Lister} from '../../../controller/informer.ts'
import {findAnnotation} from '../../../api/autoscaling/annotations.ts'
import {parseDuration} from '../../../util/duration.ts'
import {createChild} from '../children.ts'
import {overwriteDrift} from '../overwrite-drift.ts'
import {DEFAULT_TARGET, type RouteConfig} from './domains.ts'
import {ingressName, makeIngress, type IngressInputs} from './ingress.ts'
import {Placeholders} from './placeholders.ts'
import {goalOf, isDone, parseRollout, ROLLOUT_ANNOTATION, type Rollout} from './rollout.ts'
import {planSteps, stepRollout} from './rollout-step.ts'
import {RouteCertificates} from './route-tls.ts'
import {makeTrafficStatus, urlFor} from './traffic-status.ts'
import {resolveTraffic, type TargetProblem, type Traffic} from './traffic.ts'
import {findVisibilities, type Visibilities} from './visibility.ts'

/** What the reconciler works with. */
export interface RouteReconcilerOptions {
  readonly client: Client
  readonly configs: ConfigStore
  readonly configurations: Lister<Configuration>
  readonly revisions: Lister<Revision>
  /** Indexed as `placeholders.ts` says. */
  readonly services: Lister<CoreService>
  readonly endpoints: Lister<Endpoints>
  readonly ingresses: Lister<KIngress>
  /** Indexed as `route-tls.ts` says. */
  readonly certificates: Lister<KCertificate>
}

/** Traffic that has a revision for every share, and who may reach it. */
interface Assigned {
  readonly traffic: Traffic
  readonly visibilities: Visibilities
}

/**
 * Reconciles Route: finds a revision for each share of the traffic, keeps a placeholder Service per
 * tag and a KIngress, and moves traffic to new revisions step by step where that is asked for.
 *
 * While a share has no revision that could take it, everything stays as it was.
 *
 * Counterpart of knative.dev/serving `pkg/reconciler/route`.
 */
export class RouteReconciler implements KindReconciler<Route> {
  readonly type = ROUTES
  readonly #options: RouteReconcilerOptions
  readonly #placeholders: Placeholders
  readonly #certificates: RouteCertificates

  constructor(options: RouteReconcilerOptions) {
    this.#options = options
    this.#placeholders = new Placeholders(options)
    this.#certificates = new RouteCertificates(options)
  }

  async reconcileKind(draft: Route, context: ReconcileContext): Promise<ReconcileResult> {
    const status = statusOf(draft)
    const conditions = new RouteLifecycle(draft, context.clock.now())
    const config = this.#options.configs.snapshot()
    // Whatever fails on the way, a new generation must not look ready by what the old one was.
    if (status.observedGeneration !== draft.metadata.generation) {
      conditions.markIngressNotConfigured()
    }
    const assigned = this.#assignTraffic(draft, conditions, context, config)
    if (assigned === undefined) return undefined // What is missing is tracked.
    const {traffic} = assigned
    const {name, namespace = ''} = draft.metadata
    status.address = {url: `http://${serviceHostname(name, namespace)}`}

    const run = {config, conditions, context}
    const placeholders = await this.#placeholders.reconcile(draft, traffic.targets.keys(), run)
    const tls = await this.#certificates.reconcile(draft, {...assigned, ...run})
    const {ingress, rollout, requeueAfterMs} = await this.#reconcileIngress(
      {...assigned, route: draft, config, tls},
      conditions,
      context,
    )
    if (ingress.metadata.generation !== ingress.status?.observedGeneration) {
      conditions.markIngressNotConfigured()
    } else if (isDone(rollout)) {
      conditions.propagateIngressStatus(ingress.status)
    }
    await this.#placeholders.aim(placeholders, ingress)
    if (!isDone(rollout)) {
      conditions.markIngressRolloutInProgress()
      status.traffic = makeTrafficStatus(traffic, rollout, (tag) =>
        urlFor(draft, tag, assigned.visibilities, config),
      )
    }
    return requeueAfterMs === undefined ? undefined : {requeueAfterMs}
  }

  /** Finds the revisions and tells of them in the status; undefined while one is missing. */
  #assignTraffic(
    draft: Route,
    conditions: RouteLifecycle,
    {tracker, key}: ReconcileContext,
    config: RouteConfig,
  ): Assigned | undefined {
    const {configurations, revisions, services} = this.#options
    const status = statusOf(draft)
    const {namespace} = draft.metadata
    const traffic = resolveTraffic(draft, configurations, revisions)
    for (const name of traffic.configurations) tracker.track(CONFIGURATIONS, {namespace, name}, key)
    for (const name of traffic.revisions) tracker.track(REVISIONS, {namespace, name}, key)
    try {
      const visibilities = findVisibilities(draft, services, config)
      const urlOf = (tag: string): string => urlFor(draft, tag, visibilities, config)
      status.url = urlOf(DEFAULT_TARGET)
      if (traffic.problem !== undefined) {
        markProblem(conditions, traffic.problem)
        return undefined
      }
      status.traffic = makeTrafficStatus(traffic, [], urlOf)
      conditions.markTrafficAssigned()
      return {traffic, visibilities}
    } catch (error) {
      conditions.markUnknownTrafficError(messageOf(error))
      throw error
    }
  }

  async #reconcileIngress(
    inputs: Omit<IngressInputs, 'rollout'>,
    conditions: RouteLifecycle,
    context: ReconcileContext,
  ): Promise<{ingress: KIngress; rollout: Rollout; requeueAfterMs?: number}> {
    const {client, ingresses} = this.#options
    const {route} = inputs
    const goal = goalOf(inputs.traffic)
    const existing = ingresses.get(route.metadata.namespace, ingressName(route))
    if (existing === undefined) {
      const ingress = await this.#createIngress(
        makeIngress({...inputs, rollout: goal}),
        route,
        context,
      )
      return {ingress, rollout: goal}
    }
    const nowMs = context.clock.now()
    const {rollout, requeueAfterMs} = stepOn(existing, goal, {
      durationSeconds: rolloutDurationSeconds(route, inputs.config),
      ingressWasReady: conditions.ingressReady,
      nowMs,
    })
    const wanted = makeIngress({...inputs, rollout})
    const updated = overwriteDrift(existing, wanted)
    const ingress = updated === undefined ? existing : await client.update(KINGRESSES, updated)
    return {ingress, rollout, ...(requeueAfterMs !== undefined && {requeueAfterMs})}
  }

  async #createIngress(
    wanted: KIngress,
    route: Route,
    {events}: ReconcileContext,
  ): Promise<KIngress> {
    try {
      const {object, created} = await createChild(this.#options.client, KINGRESSES, wanted)
      if (created) events.normal(route, 'Created', `Created Ingress "${object.metadata.name}"`)
      return object
    } catch (error) {
      const why = messageOf(error)
      events.warning(route, 'CreationFailed', `Failed to create Ingress: ${why}`)
      throw new Error(`failed to create Ingress: ${why}`, {cause: error})
    }
  }
}

function markProblem(conditions: RouteLifecycle, problem: TargetProblem): void {
  const {kind, name} = problem
  if (problem.why === 'missing') conditions.markMissingTrafficTarget(kind, name)
  else if (kind === 'Configuration') {
    if (problem.failed) conditions.markConfigurationFailed(name)
    else conditions.markConfigurationNotReady(name)
  } else if (problem.failed) conditions.markRevisionFailed(name)
  else conditions.markRevisionNotReady(name)
}

/** How long traffic takes to move; 0: at once. */
function rolloutDurationSeconds({metadata}: Route, {network}: RouteConfig): number {
  const wish = findAnnotation(metadata.annotations, ROLLOUT_DURATION_ANNOTATION)?.value ?? ''
  const seconds = wish === '' ? 0 : Math.trunc(parseDuration(wish) / 1000)
  return seconds === 0 ? network.rolloutDurationSeconds : seconds
}

function stepOn(
  ingress: KIngress,
  goal: Rollout,
  options: {durationSeconds: number; ingressWasReady: boolean; nowMs: number},
): {rollout: Rollout; requeueAfterMs?: number} {
  const {durationSeconds, ingressWasReady, nowMs} = options
  if (durationSeconds <= 0) return {rollout: goal}
  const nowNs = BigInt(nowMs) * 1_000_000n
  const before = parseRollout(ingress.metadata.annotations?.[ROLLOUT_ANNOTATION])
  const becameReady = isReady(ingress) && !ingressWasReady
  const planned =
    before !== undefined && becameReady ? planSteps(before, nowNs, durationSeconds) : before
  const {rollout, nextStepTimeNs} = stepRollout(goal, planned, nowNs)
  if (nextStepTimeNs === 0n) return {rollout}
  const waitNs = nextStepTimeNs - nowNs
  return {rollout, requeueAfterMs: Math.max(1, Math.ceil(Number(waitNs) / 1_000_000))}
}
