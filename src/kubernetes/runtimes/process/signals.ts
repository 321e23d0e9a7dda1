/** Sends a signal to every process of a group; one that is gone, or another user's, is left. */
export function killGroup(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  send(-pid, signal)
}

/** Asks one process to end; one that is gone, or another user's, is left. */
export function askToEnd(pid: number): void {
  send(pid, 'SIGTERM')
}

function send(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal)
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    // A program may have become another user (sudo): nothing can be done about that one.
    if (code !== 'ESRCH' && code !== 'EPERM') throw error
  }
}
