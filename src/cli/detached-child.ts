import {DETACHED_VARIABLE, type DetachedReport} from '../operations/local/start-detached.ts'

/**
 * V8 lets the young objects of a busy process fill three times 16 MB before it looks for those that
 * are dead. A quarter of that serves a cluster as fast and saves 60 to 150 MB.
 */
export const SERVER_NODE_FLAGS = ['--max-semi-space-size=4']

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
