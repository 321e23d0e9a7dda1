import {spawn, type ChildProcess} from 'node:child_process'
import {once} from 'node:events'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {HttpTransport} from '../../src/client/http-transport.ts'
import {createCredentials, type Credentials} from '../../src/local/credentials.ts'

const PROGRAM = join(import.meta.dirname, 'api-process.ts')

/** A directory with a database and credentials, on which one API server after the other runs. */
export interface ApiHome {
  readonly directory: string
  readonly credentials: Credentials
  readonly credentialsFile: string
  /**
   * Starts a server in a process of its own.
   *
   * `historyLimit` is the number of writes that stay watchable, by default so few that kills also
   * hit compactions. `ulimit` is a command of a shell that runs before the server.
   */
  start(options?: {readonly ulimit?: string; readonly historyLimit?: number}): Promise<ApiProcess>
  /** Kills what still runs and deletes the directory. */
  remove(): void
}

/** An API server in a process that may be killed. */
export interface ApiProcess {
  readonly port: number
  readonly process: ChildProcess
  /** A new transport to it; the caller closes it. */
  connect(): HttpTransport
  /** Sends SIGKILL and resolves when the process is gone. */
  kill(): Promise<void>
}

/** Makes an empty home. */
export async function apiHome(): Promise<ApiHome> {
  const directory = mkdtempSync(join(tmpdir(), 'kntool-fault-'))
  const credentials = await createCredentials()
  const credentialsFile = join(directory, 'credentials.json')
  writeFileSync(credentialsFile, JSON.stringify(credentials), {mode: 0o600})
  const args = [PROGRAM, join(directory, 'cluster.db'), credentialsFile]
  const running = new Set<ChildProcess>()
  return {
    directory,
    credentials,
    credentialsFile,
    async start({ulimit = 'true', historyLimit = 64} = {}) {
      const command = [process.execPath, ...args, String(historyLimit)]
      const child = spawn('/bin/sh', ['-c', `${ulimit}; exec "$@"`, 'sh', ...command], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      running.add(child)
      const exited = once(child, 'exit').then(() => running.delete(child))
      const port = await firstNumber(child)
      return {
        port,
        process: child,
        connect: () => connectTo(port, credentials),
        async kill() {
          child.kill('SIGKILL')
          await exited
        },
      }
    },
    remove() {
      for (const child of running) child.kill('SIGKILL')
      rmSync(directory, {recursive: true, force: true})
    },
  }
}

/** A new transport to a server with these credentials on a port of this machine. */
export function connectTo(port: number, {certificate, token}: Credentials): HttpTransport {
  return new HttpTransport({
    server: `https://127.0.0.1:${port}`,
    security: {ca: certificate, headers: {authorization: `Bearer ${token}`}},
  })
}

/** The number in the first line that a program prints. */
export async function firstNumber({stdout}: ChildProcess): Promise<number> {
  if (stdout === null) throw new Error('the output of the server is not piped')
  for await (const line of createInterface({input: stdout})) return Number(line)
  throw new Error('the server ended before it listened')
}
