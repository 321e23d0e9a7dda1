import {existsSync, readdirSync, rmdirSync} from 'node:fs'
import {join} from 'node:path'
import {KntoolError} from '../../errors/kntool-error.ts'
import {endLeftovers} from '../../local/leftovers.ts'
import {removeTree} from '../../util/remove-tree.ts'
import {type LocalClusterChoice, requireStopped} from './find-local-cluster.ts'

/**
 * Deletes everything a stopped cluster has kept. Resolves to its folder, or undefined when there was
 * nothing.
 *
 * Throws `KN_DATA_DIR_LOCKED` while it runs, and `KN_DATA_DIR_UNUSABLE` for a folder that is none.
 */
export async function resetLocalCluster(choice: LocalClusterChoice): Promise<string | undefined> {
  const {dir} = requireStopped(choice, 'reset')
  if (!existsSync(dir.path)) return undefined
  const marks = [dir.database, dir.credentials, dir.running, dir.log, dir.backups]
  if (!marks.some((path) => existsSync(path))) {
    throw new KntoolError(
      'KN_DATA_DIR_UNUSABLE',
      `${dir.path} holds no local cluster, so nothing in it is deleted.`,
    )
  }
  // What a killed cluster left running is known by its records, which are deleted next.
  await endLeftovers(dir)
  // Only what is known to belong to a cluster: the folder may be one that a person chose.
  for (const file of readdirSync(dir.path)) {
    if (OWN_FILES.test(file)) await removeTree(join(dir.path, file))
  }
  if (readdirSync(dir.path).length === 0) rmdirSync(dir.path)
  return dir.path
}

const OWN_FILES =
  /^(cluster\.(db|log).*|running\.json.*|kubeconfig.*|credentials\.json.*|processes|pods|api-port.*|backups|damaged-.*|restoring)$/
