import {readdirSync, readFileSync, readlinkSync, realpathSync} from 'node:fs'
import type {DataDir} from './data-dir.ts'

/**
 * The process that runs a cluster on this folder, also when nothing in the folder says so: the one
 * that has its log open for writing. Undefined where there is none but this process, and where
 * processes cannot be looked at, which is everywhere but on Linux.
 */
export function findServingProcess(dir: DataDir): number | undefined {
  if (process.platform !== 'linux') return undefined
  const log = attempt(() => realpathSync(dir.log))
  if (log === undefined) return undefined
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && entry !== String(process.pid))
    .map(Number)
    .find((pid) => writesTo(pid, log))
}

function writesTo(pid: number, path: string): boolean {
  // Those of another user and those that have just ended cannot be read.
  const descriptors = attempt(() => readdirSync(`/proc/${pid}/fd`)) ?? []
  return descriptors.some((descriptor) => {
    if (attempt(() => readlinkSync(`/proc/${pid}/fd/${descriptor}`)) !== path) return false
    const info = attempt(() => readFileSync(`/proc/${pid}/fdinfo/${descriptor}`, 'utf8')) ?? ''
    // The last octal digit is the mode: 0 reads, as `local logs` does.
    return /^flags:\s+\d*[12]$/m.test(info)
  })
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run()
  } catch {
    return undefined
  }
}
