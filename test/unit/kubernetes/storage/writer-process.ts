/**
 * Writes to the storage named by the first argument until it is killed or a write fails, and
 * prints the revision of each write after it is acknowledged. The second argument may be `hold`, to
 * write nothing, or `unprivileged`, to stop being root first, whom no permission holds back.
 */
import {writeSync} from 'node:fs'
import {openSqliteStorage} from '../../../../src/kubernetes/storage/sqlite-storage.ts'
import {writeNext} from './deterministic-writes.ts'

const [file = '', mode] = process.argv.slice(2)
if (mode === 'unprivileged' && process.getuid?.() === 0) {
  process.setgid?.(65_534)
  process.setuid?.(65_534)
}
try {
  // So little history that kills also hit compactions.
  const storage = openSqliteStorage({file, historyLimit: 40})
  writeSync(1, 'open\n')
  if (mode === 'hold') setInterval(() => undefined, 60_000)
  else for (;;) writeSync(1, `${writeNext(storage)}\n`)
} catch (error) {
  writeSync(1, `${String((error as {code?: unknown}).code)}\n`)
  process.exitCode = 1
}
