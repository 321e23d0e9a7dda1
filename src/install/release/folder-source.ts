import {join} from 'node:path'
import type {KubeObject} from '../../api/meta/object.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {type ManifestFile, type ManifestSource, manifestsIn, readOnce} from '../manifests.ts'
import {type KnownDocuments, parseManifest} from '../parse-manifest.ts'
import {checkLocked, readLock} from './lock-file.ts'
import {releaseProblems, releaseVersions} from './verify-release.ts'
import {readTextFile} from '../../util/read-text-file.ts'

/**
 * Release files of a folder, each read once. They have to be a whole release, and where the folder
 * has a lock file, the files it names.
 */
export function folderSource(folder: string): ManifestSource {
  const plain = manifestsIn(folder)
  const documents: KnownDocuments = new Map()
  return readOnce({description: folder, has: (file) => plain.has(file), load})

  async function load(file: ManifestFile): Promise<KubeObject[]> {
    const path = join(folder, `${file}.yaml`)
    const text = await readTextFile(path).catch(() => undefined)
    // Says what is missing, and what to do about it.
    if (text === undefined) return plain.load(file)
    checkLocked(await readLock(folder), `${file}.yaml`, text, path)
    const objects = parseManifest(text, path, documents)
    const {knative} = releaseVersions({[file]: objects})
    const [problem] = releaseProblems({[file]: objects}, knative)
    if (problem === undefined) return objects
    throw new KntoolError('KN_CONFIG_INVALID', `The manifest ${path} is not whole: ${problem}.`, {
      hint: 'Fetch it anew: kntool manifests pull',
    })
  }
}
