import {KntoolError} from '../../errors/kntool-error.ts'
import {listBackups} from '../../local/backups.ts'
import type {LocalCluster} from './find-local-cluster.ts'

/**
 * `error` with hints that can be typed as they are: they mean this cluster, and lead to a copy only
 * where there is one. Anything else comes back as it is.
 */
export function hintsFor({dir, flags}: LocalCluster, error: unknown): unknown {
  if (!(error instanceof KntoolError)) return error
  const {code, message, hints, details, cause} = error
  const hasCopy = listBackups(dir).length > 0
  const hint = hints
    .filter((text) => hasCopy || !text.endsWith('local restore'))
    .map((text) => text.replaceAll(COMMAND, `$&${flags}`))
  return new KntoolError(code, message, {hint, details, cause})
}

/** A command that means a cluster, and does not choose another one itself. */
const COMMAND = /kntool local (?:up|down|status|reset|restore)(?! --(?:name|data-dir))/g
