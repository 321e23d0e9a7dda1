import type {AwsAccess} from '../aws/aws-access.ts'
import type {ClusterLook} from '../install/look-at-cluster.ts'
import type {ManifestSource} from '../install/manifests.ts'
import type {DnsResolver, Probe} from '../install/network.ts'
import type {InstallSettings} from '../install/settings.ts'
import type {Clock} from '../util/clock.ts'
import type {Readings} from './readings.ts'

/** What checks are made on: a cluster, what stands around it, and how it is meant to be. */
export interface Patient {
  readonly readings: Readings
  readonly cluster: ClusterLook
  /** What the installation is to be, or was meant to be. */
  readonly settings: InstallSettings
  /** Whether somebody asked for a load balancer of AWS, or the nodes are there. */
  readonly onAws: boolean
  /** Whether the components run all the time. */
  readonly isRunning: boolean
  readonly aws: AwsAccess
  readonly probe: Probe
  readonly dns: DnsResolver
  readonly clock: Clock
  /** The release about to be installed; absent where nothing is. */
  readonly manifests?: ManifestSource
}
