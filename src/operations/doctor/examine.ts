/** `kntool doctor`: every check that fits, on the cluster of a connection. */
import {CONFIG_DOMAIN} from '../../api/config/system-namespace.ts'
import {CONFIG_MAPS} from '../../api/core/v1.ts'
import {createAwsAccess} from '../../aws/create-aws-access.ts'
import {ALL_CHECKS} from '../../doctor/all-checks.ts'
import type {Check} from '../../doctor/check.ts'
import {expectedSettings} from '../../doctor/expected-settings.ts'
import type {Patient} from '../../doctor/patient.ts'
import {Readings} from '../../doctor/readings.ts'
import {type Finding, type FindingResult, runChecks} from '../../doctor/run-checks.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {hurriedClient} from '../../install/apply/patient-client.ts'
import {gatewayAddress} from '../../install/gateway/find-gateway.ts'
import {ifAllowed, lookAtCluster} from '../../install/look-at-cluster.ts'
import {readState} from '../../install/state.ts'
import type {Connection} from '../connection.ts'
import {createDnsResolver} from '../install/dns-resolver.ts'
import type {Surroundings} from '../install/prepare-install.ts'
import {createProbe} from '../install/probe.ts'

/** How long one answer is worth waiting for, so that a whole examination takes ten seconds at most. */
const ANSWER_MS = 4000
const AWS_ATTEMPTS = 2

/** What to examine, and as whom at AWS. */
export interface DoctorRequest {
  /** Ids or categories of checks; all without it. */
  readonly only?: readonly string[] | undefined
  readonly region?: string | undefined
  readonly profile?: string | undefined
  /** What stands for the world outside of the cluster; by default that world itself. */
  readonly surroundings?: Partial<Omit<Surroundings, 'manifests'>>
}

/** What was found. */
export interface DoctorReport {
  readonly cluster: string
  /** The worst of the findings. */
  readonly result: 'ok' | 'warning' | 'error'
  readonly findings: readonly Finding[]
}

/**
 * Examines a cluster; takes ten seconds at most. What cannot be found out is a finding too: it throws
 * only when the cluster does not answer at all, and `KN_USAGE` for checks that do not exist.
 */
export async function examine(
  connection: Connection,
  request: DoctorRequest,
): Promise<DoctorReport> {
  const checks = chooseChecks(request.only)
  const findings = await runChecks(checks, await readPatient(connection, request))
  const isThere = (...results: readonly FindingResult[]): boolean =>
    findings.some(({result}) => results.includes(result))
  const worst = isThere('warning', 'forbidden', 'unknown') ? 'warning' : 'ok'
  return {
    cluster: connection.description,
    result: isThere('error') ? 'error' : worst,
    findings,
  }
}

/** What checks are made on, of a cluster as it is. */
export async function readPatient(
  connection: Connection,
  {region, profile, surroundings = {}}: Omit<DoctorRequest, 'only'>,
): Promise<Patient> {
  const {clock} = connection
  const client = hurriedClient(connection.client, clock, ANSWER_MS)
  const readings = new Readings(client)
  const cluster = await lookAtCluster(client)
  const [remembered, gateway, configDomain] = await Promise.all([
    ifAllowed(readState(client)),
    ifAllowed(readings.gateway()),
    ifAllowed(client.find(CONFIG_MAPS, CONFIG_DOMAIN)),
  ])
  const settings = expectedSettings({
    remembered: remembered?.settings,
    gateway,
    configDomain,
    signs: cluster,
  })
  const {
    aws = createAwsAccess({
      region,
      profile,
      nodeRegion: async () => cluster.region,
      patience: {attempts: AWS_ATTEMPTS, timeoutMs: ANSWER_MS / AWS_ATTEMPTS},
    }),
    probe = createProbe(connection),
    dns = createDnsResolver(),
  } = surroundings
  return {
    readings,
    cluster,
    settings,
    onAws:
      cluster.nodesOnAws === true ||
      region !== undefined ||
      profile !== undefined ||
      (gatewayAddress(gateway) ?? '').includes('.amazonaws.com'),
    isRunning: connection.kind !== 'embedded',
    aws,
    probe,
    dns,
    clock,
  }
}

/** The checks of these ids or categories. */
function chooseChecks(only: readonly string[] | undefined): readonly Check[] {
  if (only === undefined || only.length === 0) return ALL_CHECKS
  const unknown = only.find(
    (name) => !ALL_CHECKS.some(({id, category}) => id === name || category === name),
  )
  if (unknown !== undefined) {
    const categories = [...new Set(ALL_CHECKS.map(({category}) => category))]
    throw new KntoolError('KN_USAGE', `There is no check "${unknown}".`, {
      hint: [
        `Checks: ${ALL_CHECKS.map(({id}) => id).join(', ')}`,
        `Categories: ${categories.join(', ')}`,
      ],
    })
  }
  return ALL_CHECKS.filter(({id, category}) => only.includes(id) || only.includes(category))
}
