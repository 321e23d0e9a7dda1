import {existsSync} from 'node:fs'
import {findLocalCluster, type LocalClusterChoice, recordProblem} from './find-local-cluster.ts'

/** What is known of a cluster of this machine without asking it. */
export interface LocalStatus {
  readonly name: string
  readonly state: 'running' | 'stopped' | 'absent'
  readonly dataDir: string
  readonly pid?: number
  readonly apiUrl?: string
  readonly gatewayUrl?: string
  readonly gatewayHttpsUrl?: string
  readonly kubeconfig?: string
  readonly startedAt?: string
  /** Why addresses are missing of a cluster that runs. */
  readonly problem?: string
}

/** Reads the state of a cluster of this machine. */
export function localStatus(choice: LocalClusterChoice): LocalStatus {
  const cluster = findLocalCluster(choice)
  const {name, dir, running, unrecorded} = cluster
  if (unrecorded !== undefined) {
    const problem = recordProblem(cluster)
    return {name, state: 'running', dataDir: dir.path, pid: unrecorded, problem}
  }
  if (running === undefined) {
    const state = existsSync(dir.database) ? 'stopped' : 'absent'
    return {name, state, dataDir: dir.path}
  }
  return {name, state: 'running', dataDir: dir.path, ...running}
}
