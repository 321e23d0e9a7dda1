/** What an installation remembers in the cluster, for status, upgrade and uninstall. */
import {SYSTEM_NAMESPACE} from '../api/config/system-namespace.ts'
import {CONFIG_MAPS} from '../api/core/v1.ts'
import type {Client} from '../client/client.ts'
import {FIELD_MANAGER} from './apply/patient-client.ts'
import type {InstallSettings} from './settings.ts'
import {MANAGED_BY_LABEL} from '../api/meta/well-known.ts'

/** Where it is kept. */
const STATE = {namespace: SYSTEM_NAMESPACE, name: 'kntool-install'} as const

/** What is remembered. */
export interface InstallState {
  readonly phase: 'installing' | 'installed' | 'upgrading' | 'uninstalling'
  /** While it is upgraded: the version that was complete last. */
  readonly knativeVersion: string
  readonly istioVersion: string
  /** `kntool` if the installation brought Istio, `found` if it was there before. */
  readonly istio: 'kntool' | 'found'
  /** RFC 3339. */
  readonly startedAt: string
  readonly finishedAt?: string
  /** The version that an upgrade is on its way to. */
  readonly upgradingTo?: string
  /** What an uninstallation has to know of what it has deleted already. */
  readonly uninstall?: UninstallNotes
  readonly settings: InstallSettings
}

/** What was found and decided when an uninstallation began. */
export interface UninstallNotes {
  readonly withIstio: boolean
  /** The address of the load balancer, which AWS is asked for once the Service is gone. */
  readonly loadBalancer?: string
}

/** Reads the state; undefined where kntool installed nothing, or by hand was made unreadable. */
export async function readState(client: Client): Promise<InstallState | undefined> {
  const configMap = await client.find(CONFIG_MAPS, STATE)
  const text = configMap?.data?.['state.json']
  if (text === undefined) return undefined
  try {
    return JSON.parse(text) as InstallState
  } catch {
    return undefined
  }
}

/** Writes the state, as it is and for people. */
export async function writeState(client: Client, state: InstallState): Promise<void> {
  const {phase, knativeVersion, istioVersion, settings} = state
  await client.apply(
    CONFIG_MAPS,
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {...STATE, labels: {[MANAGED_BY_LABEL]: 'kntool'}},
      data: {
        phase,
        knativeVersion,
        istioVersion,
        domains: settings.domains.map(({name}) => name).join(','),
        'state.json': JSON.stringify(state, undefined, 2),
      },
    },
    {fieldManager: FIELD_MANAGER, force: true},
  )
}
