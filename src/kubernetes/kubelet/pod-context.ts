import type {Pod} from '../../api/core/v1.ts'
import type {Sandbox} from '../runtimes/runtime.ts'
import type {NodeContext} from './node-context.ts'
import type {PodVolumes} from './volumes/pod-volumes.ts'

/** What the containers of one pod share. */
export interface PodContext extends NodeContext {
  /** The newest version of the pod, with the addresses it has now. */
  readonly pod: () => Pod
  readonly sandbox: Sandbox
  readonly volumes: Pick<PodVolumes, 'of'>
  /** Says that a container's view changed. `calm`: nobody waits for this change. */
  readonly changed: (calm: boolean) => void
}
