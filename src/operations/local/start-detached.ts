import {type ChildProcess, spawn} from 'node:child_process'
import {closeSync} from 'node:fs'
import type {ErrorCode} from '../../errors/catalog.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {createDataDir, type RunningRecord} from '../../local/data-dir.ts'
import type {Clock} from '../../util/clock.ts'
import {findLocalCluster, type LocalClusterChoice} from './find-local-cluster.ts'
import {openForAppending} from './log-file.ts'

/** Set for a process that serves a cluster in the background; it reports over its channel. */
export const DETACHED_VARIABLE = 'KNTOOL_DETACHED'

/** What such a process says about itself, once. */
export type DetachedReport =
  | {readonly kind: 'ready'; readonly record: RunningRecord}
  | {
      readonly kind: 'failed'
      readonly code: ErrorCode
      readonly message: string
      readonly hints: readonly string[]
      readonly details: Readonly<Record<string, unknown>>
    }

/** How to start the process. */
export interface DetachedRequest extends LocalClusterChoice {
  /** Program and arguments of a `local up` in the foreground. */
  readonly command: readonly [program: string, ...args: string[]]
  readonly clock: Clock
  readonly timeoutMs: number
}

/**
 * Starts a cluster in a process of its own, which outlives this one, and resolves when it is ready.
 *
 * Throws what the process failed with; then it is gone.
 */
export async function startDetached(request: DetachedRequest): Promise<RunningRecord> {
  const {dir} = findLocalCluster(request)
  createDataDir(dir)
  const log = openForAppending(dir.log)
  const [program, ...args] = request.command
  const child = spawn(program, args, {
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
    env: {...request.env, [DETACHED_VARIABLE]: '1'},
  })
  closeSync(log)
  const report = await waitForReport(child, request, dir.log)
  child.disconnect()
  child.unref()
  if (report.kind === 'ready') return report.record
  const {code, message, hints, details} = report
  throw new KntoolError(code, message, {hint: hints, details})
}

async function waitForReport(
  child: ChildProcess,
  {clock, timeoutMs}: DetachedRequest,
  logPath: string,
): Promise<DetachedReport> {
  const {promise, resolve, reject} = Promise.withResolvers<DetachedReport>()
  const timeout = clock.after(timeoutMs, () => {
    child.kill('SIGKILL')
    reject(
      new KntoolError(
        'KN_TIMEOUT',
        `The local cluster was not ready after ${Math.trunc(timeoutMs / 1000)} seconds.`,
        {hint: `See ${logPath}`},
      ),
    )
  })
  child.on('message', (message) => resolve(message as DetachedReport))
  child.on('error', reject)
  child.on('exit', (code, signal) => {
    reject(
      new KntoolError(
        'KN_FAILED',
        `The process of the local cluster ended (${signal ?? `exit status ${code}`}) before it was ready.`,
        {hint: `See ${logPath}`},
      ),
    )
  })
  try {
    return await promise
  } finally {
    timeout.cancel()
    child.removeAllListeners('exit')
  }
}
