import {createAwsAccess} from '../../aws/create-aws-access.ts'
import type {AwsAccess} from '../../aws/aws-access.ts'
import {RestMapper} from '../../client/rest-mapper.ts'
import {patientClient} from '../../install/apply/patient-client.ts'
import {type ClusterLook, lookAtCluster} from '../../install/look-at-cluster.ts'
import type {ManifestSource} from '../../install/manifests.ts'
import type {DnsResolver, Probe} from '../../install/network.ts'
import type {ContextFactory} from '../../install/pipeline.ts'
import {type InstallSettings, type InstallWishes, settle} from '../../install/settings.ts'
import type {InstallFacts, PlanMode} from '../../install/step.ts'
import type {Connection} from '../connection.ts'
import {chooseManifests} from './choose-manifests.ts'
import {createDnsResolver} from './dns-resolver.ts'
import {createProbe} from './probe.ts'

/** What to install, from where, and as whom at AWS. */
export interface InstallRequest {
  readonly wishes: InstallWishes
  /** A folder, or a folder of the web, with the release files. */
  readonly manifests?: string | undefined
  /** Without it, the version this kntool was tested with. */
  readonly knativeVersion?: string | undefined
  /** The version that is there, if its files are the ones that are needed. */
  readonly installedVersion?: string | undefined
  /** Where the release must have this Istio. */
  readonly istioVersion?: string | undefined
  readonly cacheDir?: string | undefined
  readonly region?: string | undefined
  readonly profile?: string | undefined
  /** Who compares, in a plan; the server by default. */
  readonly planBy?: PlanMode
  readonly signal: AbortSignal
  /** What stands for the world outside of the cluster; by default that world itself. */
  readonly surroundings?: Partial<Surroundings>
}

/** The world outside of the cluster. */
export interface Surroundings {
  readonly aws: AwsAccess
  readonly probe: Probe
  readonly dns: DnsResolver
  readonly manifests: ManifestSource
}

/** What a pipeline runs with. */
export interface PreparedInstall {
  readonly settings: InstallSettings
  readonly manifests: ManifestSource
  readonly cluster: ClusterLook
  readonly aws: AwsAccess
  readonly contextFor: ContextFactory
}

/** Looks at the cluster and settles what was left open. Only reads. */
export async function prepareInstall(
  connection: Connection,
  request: InstallRequest,
  note: (fact: Partial<InstallFacts>) => void = () => undefined,
): Promise<PreparedInstall> {
  const {clock} = connection
  const {signal, wishes, region, profile} = request
  const patience = {
    clock,
    signal,
    longPatienceMs: wishes.timeouts.stepMs,
    contact: {hasAnswered: false},
  }
  const quiet = patientClient(connection.client, patience)
  const cluster = await lookAtCluster(quiet)
  const settings = settle(wishes, cluster)
  const manifests = request.surroundings?.manifests ?? manifestsOf(connection, request, cluster)
  const {
    aws = createAwsAccess({region, profile, nodeRegion: async () => cluster.region}),
    probe = createProbe(connection),
    dns = createDnsResolver(),
  } = request.surroundings ?? {}
  const common = {
    mapper: new RestMapper(quiet),
    clock,
    manifests,
    target: cluster.embedded ? 'embedded' : 'cluster',
    settings,
    planBy: request.planBy ?? 'server',
    ...(request.istioVersion !== undefined && {wantedIstio: request.istioVersion}),
    aws,
    probe,
    dns,
    signal,
    note,
  } as const
  return {
    settings,
    manifests,
    cluster,
    aws,
    contextFor: (progress) => ({
      ...common,
      client: patientClient(connection.client, {
        ...patience,
        onRetry: (why) => progress(`trying again: ${why}`),
      }),
      progress,
    }),
  }
}

function manifestsOf(
  {clock}: Connection,
  {manifests, knativeVersion, installedVersion, cacheDir, signal, wishes}: InstallRequest,
  {embedded}: ClusterLook,
): ManifestSource {
  return chooseManifests({
    manifests,
    version: knativeVersion ?? (embedded ? undefined : installedVersion),
    embedded,
    cacheDir,
    withHpa: wishes.withHpa,
    clock,
    signal,
  })
}
