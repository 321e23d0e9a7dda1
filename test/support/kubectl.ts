/** Real kubectl against an embedded cluster in this process. */
import {execFile, spawnSync} from 'node:child_process'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {ClusterOptions, EmbeddedCluster} from '../../src/local/cluster.ts'
import {startCluster} from '../../src/local/start-cluster.ts'

/** Whether kubectl is installed; tests that need it skip without. */
export const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0

/** What a run of kubectl left behind. */
export interface KubectlRun {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** A cluster with a home of its own for kubectl. */
export class KubectlCluster {
  readonly cluster: EmbeddedCluster
  readonly #home: string

  private constructor(cluster: EmbeddedCluster, home: string) {
    this.cluster = cluster
    this.#home = home
  }

  static async start(options: ClusterOptions = {}): Promise<KubectlCluster> {
    const home = await mkdtemp(join(tmpdir(), 'kntool-kubectl-'))
    const cluster = await startCluster({...options, listen: {}})
    await writeFile(join(home, 'kubeconfig'), cluster.kubeconfig ?? '', {mode: 0o600})
    return new KubectlCluster(cluster, home)
  }

  /** Runs kubectl; `input` is its stdin. Never throws for a failure of kubectl. */
  run(
    args: readonly string[],
    {input = '', env = {}}: {input?: string; env?: Readonly<Record<string, string>>} = {},
  ): Promise<KubectlRun> {
    return new Promise((resolve) => {
      const child = execFile(
        'kubectl',
        args,
        {
          maxBuffer: 64 * 1024 * 1024,
          env: {
            PATH: process.env['PATH'] ?? '',
            HOME: this.#home,
            KUBECONFIG: join(this.#home, 'kubeconfig'),
            ...env,
          },
        },
        (error, stdout, stderr) => {
          const status = error === null ? 0 : Number(error.code ?? 1)
          resolve({status, stdout, stderr})
        },
      )
      child.stdin?.end(input)
    })
  }

  async stop(): Promise<void> {
    await this.cluster.stop()
    await rm(this.#home, {recursive: true, force: true})
  }
}
