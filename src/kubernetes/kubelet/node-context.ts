import type {Client} from '../../client/client.ts'
import type {EventRecorder} from '../../controller/event-recorder.ts'
import type {ClusterNetwork} from '../../http/cluster-network.ts'
import type {Clock} from '../../util/clock.ts'
import type {ContainerRuntime, ServiceProxy} from '../runtimes/runtime.ts'
import type {VolumeChanges} from './volumes/volume-changes.ts'

/** What every pod of a node shares. */
export interface NodeContext {
  readonly client: Client
  readonly clock: Clock
  readonly events: EventRecorder
  readonly network: ClusterNetwork
  /** In the order in which they are asked. */
  readonly runtimes: readonly ContainerRuntime[]
  readonly hostIp: string
  readonly volumeChanges: Pick<VolumeChanges, 'watch'>
  /** Where the files of pods are; there when it resolves. */
  readonly podsDirectory: () => Promise<string>
  /** The proxy for the programs of a namespace; absent where there is none. */
  readonly serviceProxy?: (namespace: string) => ServiceProxy
  readonly onError: (what: string, error: unknown) => void
}
