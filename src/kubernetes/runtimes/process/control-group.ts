import {mkdirSync, readFileSync, rmdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {SystemClock, sleep} from '../../../util/clock.ts'

/** How long the kernel may take to end what was killed. */
const END_POLL_MS = 5
const END_POLLS = 400

/**
 * A control group (Linux, version 2) of one container: whatever its processes do, they and all they
 * start stay in it. Undefined where this process may make none.
 *
 * `name` must be unique on the machine. Whoever makes one ends it with {@link endControlGroup}.
 */
export function makeControlGroup(name: string): string | undefined {
  const own = ownControlGroup()
  if (own === undefined) return undefined
  const path = join(own, `kntool-${name}`)
  try {
    mkdirSync(path)
    return path
  } catch {
    return undefined
  }
}

/** Puts a process that was started this moment into a control group. False where it may not be. */
export function enterControlGroup(path: string, pid: number): boolean {
  try {
    writeFileSync(join(path, 'cgroup.procs'), String(pid))
    return true
  } catch {
    return false
  }
}

/** Ends all processes of a control group by force and removes it; one that is gone is fine. */
export async function endControlGroup(path: string): Promise<void> {
  const clock = new SystemClock()
  for (let poll = 0; poll < END_POLLS; poll++) {
    const populated = isPopulated(path)
    if (populated === undefined) return
    if (!populated) {
      removeGroup(path)
      return
    }
    killMembers(path)
    await sleep(clock, END_POLL_MS)
  }
}

/** Whether anything runs in a control group or one within; undefined where it is not there. */
function isPopulated(path: string): boolean | undefined {
  try {
    return readFileSync(join(path, 'cgroup.events'), 'utf8').includes('populated 1')
  } catch {
    return undefined
  }
}

/** All at once where the kernel can (Linux 5.14), so that none starts another meanwhile. */
function killMembers(path: string): void {
  try {
    writeFileSync(join(path, 'cgroup.kill'), '1', {flag: 'r+'})
    return
  } catch {
    // An older kernel: one after another.
  }
  try {
    const pids = readFileSync(join(path, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean)
    for (const pid of pids) process.kill(Number(pid), 'SIGKILL')
  } catch {
    // One ended by itself; the rest is for the next time.
  }
}

function removeGroup(path: string): void {
  try {
    rmdirSync(path)
  } catch {
    // A program made groups of its own in it, or somebody removed it: nothing runs there any more.
  }
}

/** The directory of the control group that this process is in. */
function ownControlGroup(): string | undefined {
  if (process.platform !== 'linux') return undefined
  try {
    const mount = readFileSync('/proc/self/mounts', 'utf8')
      .split('\n')
      .map((line) => line.split(' '))
      .find(([, , type]) => type === 'cgroup2')?.[1]
    const group = /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1]
    return mount === undefined || group === undefined ? undefined : join(mount, group)
  } catch {
    return undefined
  }
}
