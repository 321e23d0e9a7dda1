import {execFileSync} from 'node:child_process'
import {readdirSync, readFileSync} from 'node:fs'

/**
 * What tells a process from a later one with the same number: when it began. Undefined when there
 * is no such process, or only what is left of one that nobody has collected yet.
 */
export function processStartTime(pid: number): string | undefined {
  if (process.platform === 'linux') {
    const stat = readStat(pid)
    return stat === undefined || stat.state === 'Z' ? undefined : stat.startTime
  }
  try {
    // Elsewhere `ps` is the only common source; it prints seconds, which is enough.
    const text = execFileSync('/bin/ps', ['-o', 'lstart=', '-p', String(pid)], {encoding: 'utf8'})
    return text.trim() || undefined
  } catch {
    return undefined
  }
}

/** The members of a process group that are alive. Empty where it cannot be found out. */
export function groupMembers(group: number): number[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid > 0)
    .filter((pid) => {
      const stat = readStat(pid)
      return stat !== undefined && stat.group === group && stat.state !== 'Z'
    })
}

function readStat(pid: number): {state: string; group: number; startTime: string} | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name in parentheses and may itself hold any of them.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return {state: fields[0] ?? '', group: Number(fields[2]), startTime: fields[19] ?? ''}
  } catch {
    return undefined
  }
}
