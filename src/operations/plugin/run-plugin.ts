import {spawn} from 'node:child_process'
import {constants} from 'node:os'
import {KntoolError} from '../../errors/kntool-error.ts'
import type {Plugin} from './find-plugins.ts'

/**
 * Runs a plugin in the terminal and the environment of this process. Resolves with its exit status:
 * of one that a signal ended, 128 and the signal's number, as shells say it.
 *
 * When `signal` aborts with the name of a signal, the plugin gets it; Ctrl-C reaches it by itself.
 */
export function runPlugin(
  plugin: Plugin,
  args: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  const {promise, resolve, reject} = Promise.withResolvers<number>()
  const child = spawn(plugin.path, args, {stdio: 'inherit'})
  const pass = (): void => {
    const reason: unknown = signal.reason
    if (reason === 'SIGTERM' || reason === 'SIGHUP') child.kill(reason)
  }
  signal.addEventListener('abort', pass, {once: true})
  child.on('error', (cause: NodeJS.ErrnoException) => {
    const denied = cause.code === 'EACCES'
    reject(
      new KntoolError(
        'KN_FAILED',
        `The plugin ${plugin.path} cannot be run: ${denied ? 'it is not executable' : cause.message}.`,
        {...(denied && {hint: `chmod +x ${plugin.path}`}), details: {path: plugin.path}, cause},
      ),
    )
  })
  child.on('exit', (code, name) =>
    resolve(code ?? 128 + (constants.signals[name ?? 'SIGKILL'] ?? 0)),
  )
  return promise.finally(() => signal.removeEventListener('abort', pass))
}
