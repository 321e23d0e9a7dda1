/** Real kubectl against an embedded cluster in this process. */
import {type ChildProcessWithoutNullStreams, execFile, spawn} from 'node:child_process'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {ClusterOptions, EmbeddedCluster} from '../../src/local/cluster.ts'
import {startCluster} from '../../src/local/start-cluster.ts'

/** What a run of kubectl left behind. */
export interface KubectlRun {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** What a kubectl is started with. */
interface KubectlOptions {
  readonly env?: Readonly<Record<string, string>>
}

interface RunOptions extends KubectlOptions {
  readonly input?: string
}

/** A kubectl that watches, follows or forwards. */
export interface RunningKubectl {
  /** Resolves when the lines it has written to their ends match; rejects when it ends before. */
  line(pattern: RegExp): Promise<RegExpExecArray>
  /** Types on its standard input. */
  type(text: string): void
  stop(): Promise<void>
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
  run(args: readonly string[], options: RunOptions = {}): Promise<KubectlRun> {
    return this.#execute('kubectl', args, options)
  }

  /** Runs a line of shell in which `kubectl` means this cluster. */
  shell(line: string): Promise<KubectlRun> {
    return this.#execute('sh', ['-c', line])
  }

  #execute(
    program: string,
    args: readonly string[],
    {input = '', env = {}}: RunOptions = {},
  ): Promise<KubectlRun> {
    return new Promise((resolve) => {
      const child = execFile(
        program,
        args,
        {maxBuffer: 64 * 1024 * 1024, env: this.#environment(env)},
        (error, stdout, stderr) => {
          const status = error === null ? 0 : Number(error.code ?? 1)
          resolve({status, stdout, stderr})
        },
      )
      child.stdin?.end(input)
    })
  }

  /** Starts a kubectl that goes on; whoever started it stops it. */
  start(args: readonly string[], {env = {}}: KubectlOptions = {}): RunningKubectl {
    return this.#follow(spawn('kubectl', args, {env: this.#environment(env)}))
  }

  /** Starts a line of shell on a terminal, by `script`; whoever started it stops it. */
  startOnTerminal(line: string): RunningKubectl {
    const args = ['--quiet', '--return', '--command', line, '/dev/null']
    return this.#follow(spawn('script', args, {env: this.#environment({SHELL: '/bin/sh'})}))
  }

  #follow(child: ChildProcessWithoutNullStreams): RunningKubectl {
    let output = ''
    const listeners = new Set<() => void>()
    const take = (chunk: Buffer): void => {
      output += chunk.toString('utf8')
      for (const listener of listeners) listener()
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    const exited = new Promise<void>((resolve) => child.once('close', () => resolve()))
    return {
      line: (pattern) =>
        new Promise((resolve, reject) => {
          const look = (): void => {
            const match = pattern.exec(output.slice(0, output.lastIndexOf('\n') + 1))
            if (match === null) return
            listeners.delete(look)
            resolve(match)
          }
          listeners.add(look)
          look()
          void exited.then(() => reject(new Error(`kubectl ended: ${output}`)))
        }),
      type: (text) => void child.stdin.write(text),
      async stop() {
        child.kill()
        await exited
      },
    }
  }

  #environment(env: Readonly<Record<string, string>>): Record<string, string> {
    return {
      PATH: process.env['PATH'] ?? '',
      HOME: this.#home,
      KUBECONFIG: join(this.#home, 'kubeconfig'),
      ...env,
    }
  }

  async stop(): Promise<void> {
    await this.cluster.stop()
    await rm(this.#home, {recursive: true, force: true})
  }
}
