/** Which cluster a command acts on. */
export type ClusterChoice = 'embedded' | 'local' | 'kubeconfig' | 'pod'

/** What the choice depends on. */
export interface ClusterSigns {
  /** The embedded cluster is asked for. */
  readonly embedded: boolean
  /** A kubeconfig, a context or a cluster is named, or `KUBECONFIG` is set. */
  readonly named: boolean
  /** A `local up` runs. */
  readonly localRuns: boolean
  /** `~/.kube/config` exists. */
  readonly defaultKubeconfig: boolean
  /** This process runs in a pod with a service account. */
  readonly inPod: boolean
}

/**
 * The first line that fits decides (`–`: does not matter):
 *
 * | embedded | named | localRuns | defaultKubeconfig | inPod | choice     |
 * |----------|-------|-----------|-------------------|-------|------------|
 * | yes      | –     | yes       | –                 | –     | local      |
 * | yes      | –     | no        | –                 | –     | embedded   |
 * | no       | yes   | –         | –                 | –     | kubeconfig |
 * | no       | no    | yes       | –                 | –     | local      |
 * | no       | no    | no        | yes               | –     | kubeconfig |
 * | no       | no    | no        | no                | yes   | pod        |
 * | no       | no    | no        | no                | no    | embedded   |
 *
 * The running cluster holds its data directory, so `embedded` means it while it runs.
 */
export function chooseCluster(signs: ClusterSigns): ClusterChoice {
  if (signs.embedded) return signs.localRuns ? 'local' : 'embedded'
  if (signs.named) return 'kubeconfig'
  if (signs.localRuns) return 'local'
  if (signs.defaultKubeconfig) return 'kubeconfig'
  return signs.inPod ? 'pod' : 'embedded'
}
