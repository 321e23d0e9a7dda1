import {DETACHED_VARIABLE, type DetachedReport} from '../operations/local/start-detached.ts'

/** The command line of this process without `--detach`: a `local up` in the foreground. */
export function upCommand(argv: readonly string[]): [program: string, ...args: string[]] {
  const [program, script = ''] = process.argv
  const rest = argv.filter((word) => word !== '--detach' && word !== '-d')
  return [program ?? process.execPath, script, 'local', 'up', ...rest]
}

/** Tells the process that started this one in the background; false if nobody is waiting to hear. */
export function reportToParent(report: DetachedReport): boolean {
  if (!process.env[DETACHED_VARIABLE] || !process.connected) return false
  // The channel would keep this process alive, and a parent that ended would end it.
  process.send?.(report, undefined, undefined, () => process.disconnect())
  return true
}
