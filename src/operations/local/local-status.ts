import {existsSync} from 'node:fs'
import {findLocalCluster, type LocalClusterChoice} from './find-local-cluster.ts'

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
}

/** Reads the state of a cluster of this machine. */
export function localStatus(choice: LocalClusterChoice): LocalStatus {
  const {name, dir, running} = findLocalCluster(choice)
  if (running === undefined) {
    const state = existsSync(dir.database) ? 'stopped' : 'absent'
    return {name, state, dataDir: dir.path}
  }
  return {name, state: 'running', dataDir: dir.path, ...running}
}
