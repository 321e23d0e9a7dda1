import {DETACHED_VARIABLE, type DetachedReport} from '../operations/local/start-detached.ts'

/**
 * How V8 keeps the memory of a cluster. With 1,000 Services it is 362 MB instead of 435 with the
 * first flag alone, for a tenth more of processor time in other threads while they are made.
 *
 * - Young objects may fill three times 16 MB before the dead ones are looked for; half of that
 *   serves as fast.
 * - Old ones may grow to several times of what lived before they are looked through; that is seldom
 *   given back, so they may only grow by 30 %.
 */
export const SERVER_NODE_FLAGS = ['--max-semi-space-size=8', '--heap-growing-percent=30']

/** The command line of this process without `--detach`: a `local up` in the foreground. */
export function upCommand(argv: readonly string[]): [program: string, ...args: string[]] {
  const [program, script = ''] = process.argv
  const rest = argv.filter((word) => word !== '--detach' && word !== '-d')
  return [program ?? process.execPath, ...SERVER_NODE_FLAGS, script, 'local', 'up', ...rest]
}

/** Tells the process that started this one in the background; false if nobody is waiting to hear. */
export function reportToParent(report: DetachedReport): boolean {
  if (!process.env[DETACHED_VARIABLE] || !process.connected) return false
  // The channel would keep this process alive, and a parent that ended would end it.
  process.send?.(report, undefined, undefined, () => process.disconnect())
  return true
}
