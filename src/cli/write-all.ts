/**
 * Writes to standard output no faster than it is read, so that a long output does not pile up in
 * memory. Resolves when there is room for more, or nobody reads any longer.
 */
export function writeAll(chunk: string | Uint8Array, signal: AbortSignal): Promise<void> {
  if (signal.aborted || process.stdout.write(chunk)) return Promise.resolve()
  return new Promise((resolve) => {
    const done = (): void => {
      process.stdout.off('drain', done)
      signal.removeEventListener('abort', done)
      resolve()
    }
    process.stdout.once('drain', done)
    signal.addEventListener('abort', done, {once: true})
  })
}
