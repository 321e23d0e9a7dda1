/** `kntool install status`: what is installed, and how far it has come. */
import {domainTexts} from '../../install/config/domains.ts'
import {installedVersions} from '../../doctor/installed-versions.ts'
import type {Patient} from '../../doctor/patient.ts'
import {readStepStates, type StepState} from '../../doctor/step-states.ts'
import {gatewayAddress} from '../../install/gateway/find-gateway.ts'
import {type InstallState, readState} from '../../install/state.ts'
import {wildcards} from '../../install/settings.ts'
import type {Connection} from '../connection.ts'
import {type DoctorRequest, readPatient} from '../doctor/examine.ts'
import {CONFIG_DOMAIN} from '../../api/config/system-namespace.ts'

/** What is installed. */
export interface InstallStatus {
  readonly cluster: string
  /**
   * `absent`: nothing. `found`: there is something, and kntool has no note of it. Else the phase that
   * kntool noted; an embedded cluster always has Knative.
   */
  readonly state: 'absent' | 'found' | InstallState['phase']
  readonly knativeVersion?: string
  readonly istioVersion?: string
  /** RFC 3339. */
  readonly startedAt?: string
  readonly finishedAt?: string
  /** As `--domain` takes them, those of Services without labels first. */
  readonly domains: readonly string[]
  readonly loadBalancer?: {
    readonly kind: string
    readonly scheme?: string
    readonly address?: string
  }
  readonly dns?: {readonly mode: string; readonly names: readonly string[]}
  readonly steps: readonly StepState[]
}

/** Looks; only reads. Throws when the cluster does not answer. */
export async function installStatus(
  connection: Connection,
  request: Omit<DoctorRequest, 'only'>,
): Promise<InstallStatus> {
  const patient = await readPatient(connection, request)
  const [steps, remembered, versions] = await Promise.all([
    readStepStates(patient),
    readState(patient.readings.client),
    patient.readings.deployments().then(installedVersions),
  ])
  const isThere = steps.some(({id, state}) => id === 'serving-crds' && state === 'done')
  const {knative = remembered?.knativeVersion, istio = remembered?.istioVersion} = versions
  return {
    cluster: connection.description,
    state: patient.cluster.embedded
      ? 'installed'
      : (remembered?.phase ?? (isThere ? 'found' : 'absent')),
    ...(knative !== undefined && {knativeVersion: knative}),
    ...(istio !== undefined && {istioVersion: istio}),
    ...(remembered !== undefined && {startedAt: remembered.startedAt}),
    ...(remembered?.finishedAt !== undefined && {finishedAt: remembered.finishedAt}),
    ...(await readOutside(patient)),
    steps,
  }
}

async function readOutside({
  readings,
  settings,
  cluster,
}: Patient): Promise<Pick<InstallStatus, 'domains' | 'loadBalancer' | 'dns'>> {
  const configMaps = await readings.configMaps()
  const domains = domainTexts(configMaps.get(CONFIG_DOMAIN.name)?.data)
  const gateway = await readings.gateway()
  if (gateway === undefined || cluster.embedded) return {domains}
  const {loadBalancer} = settings
  const address = gatewayAddress(gateway)
  return {
    domains,
    loadBalancer: {
      kind: loadBalancer.kind,
      ...(loadBalancer.kind === 'nlb' && {scheme: loadBalancer.nlb.scheme}),
      ...(address !== undefined && {address}),
    },
    dns: {mode: settings.dns, names: wildcards(settings)},
  }
}
