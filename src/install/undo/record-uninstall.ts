/** The state of an installation while it is taken away: written first, gone last. */
import {SYSTEM_NAMESPACE} from '../../api/config/system-namespace.ts'
import {CORE_SERVICES, NAMESPACES} from '../../api/core/v1.ts'
import {isNotFound} from '../../api/meta/status-error.ts'
import {gatewayAddress} from '../gateway/find-gateway.ts'
import {GATEWAY} from '../gateway/gateway-service.ts'
import {readState, writeState} from '../state.ts'
import type {InstallContext, Step} from '../step.ts'

const NAMESPACE = {name: SYSTEM_NAMESPACE}

/** What is known of the installation that goes. */
export interface UninstallFacts {
  readonly knativeVersion: string
  readonly withIstio: boolean
}

/** Writes down that an uninstallation has begun, and what a later run could not find out any more. */
export function beginUninstallStep({knativeVersion, withIstio}: UninstallFacts): Step {
  return {
    id: 'begin',
    title: 'Note in the cluster that it began',
    async check({client}) {
      const namespace = await client.find(NAMESPACES, NAMESPACE)
      return namespace === undefined || namespace.metadata.deletionTimestamp !== undefined
        ? {state: 'skipped', reason: `the namespace ${NAMESPACE.name} is gone already`}
        : {state: 'needed'}
    },
    plan: async () => ({changes: []}),
    async apply(context) {
      const {client, clock, settings} = context
      const before = await readState(client)
      const address =
        gatewayAddress(await client.find(CORE_SERVICES, GATEWAY)) ?? before?.uninstall?.loadBalancer
      await writeState(client, {
        knativeVersion,
        istioVersion: 'unknown',
        istio: withIstio ? 'kntool' : 'found',
        startedAt: new Date(clock.now()).toISOString(),
        settings,
        ...before,
        phase: 'uninstalling',
        uninstall: {withIstio, ...(address !== undefined && {loadBalancer: address})},
      })
    },
    observe: async () => ({done: true}),
  }
}

/** Deletes the namespace of Knative, and the state with it. */
export const removeNamespaceStep: Step = {
  id: 'namespace',
  title: `Namespace ${NAMESPACE.name}`,
  hint: `kubectl get namespace ${NAMESPACE.name} -o yaml`,
  check: async () => ({state: 'needed'}),
  async plan({client}) {
    const namespace = await client.find(NAMESPACES, NAMESPACE)
    return {
      changes:
        namespace === undefined
          ? []
          : [{action: 'delete', object: `namespace/${NAMESPACE.name}`, detail: 'with all in it'}],
    }
  },
  async apply({client}: InstallContext) {
    await client.delete(NAMESPACES, NAMESPACE).catch((error: unknown) => {
      if (!isNotFound(error)) throw error
    })
  },
  async observe({client}) {
    const namespace = await client.find(NAMESPACES, NAMESPACE)
    if (namespace === undefined) return {done: true}
    const conditions = namespace.status?.['conditions'] as
      | {type: string; status: string; message?: string}[]
      | undefined
    // "Some content in the namespace has finalizers remaining: …": who holds it, in the server's words.
    const held = conditions?.find(
      ({type, status}) => /Remaining|Failure/.test(type) && status === 'True',
    )
    return {
      done: false,
      waitingFor: `the namespace ${NAMESPACE.name} to be gone`,
      ...(held?.message !== undefined && {warning: held.message}),
    }
  },
}
