import {KntoolError} from '../../errors/kntool-error.ts'
import {neededFiles} from '../release/release-files.ts'
import {
  mixedReleaseProblem,
  type ReleaseObjects,
  releaseVersions,
} from '../release/verify-release.ts'
import type {InstallContext, Step} from '../step.ts'

/**
 * Reads every release file before the first write, so that one that is missing, altered or of another
 * release is noticed while nothing has happened yet.
 */
export const releaseFilesStep: Step = {
  id: 'release-files',
  title: 'Release files',
  essential: true,
  onlyReads: true,
  check: async () => ({state: 'needed'}),
  async plan(context) {
    await readRelease(context)
    return {changes: []}
  },
  apply: readRelease,
  observe: async () => ({done: true}),
}

/** Reads the files. Throws `KN_CONFIG_INVALID` when they do not belong together. */
async function readRelease(context: InstallContext): Promise<void> {
  const {manifests, settings, wantedIstio, progress} = context
  const files = neededFiles(settings)
  const loaded = await Promise.allSettled(files.map((file) => manifests.load(file, progress)))
  const objects: ReleaseObjects = Object.fromEntries(
    loaded.map((result, index) => {
      // The first in order, whichever failed first.
      if (result.status === 'rejected') throw result.reason
      return [files[index], result.value]
    }),
  )
  const {knative, istio} = releaseVersions(objects)
  const problem = mixedReleaseProblem(objects, manifests.version)
  if (problem !== undefined) {
    throw new KntoolError(
      'KN_CONFIG_INVALID',
      `The files of ${manifests.description} do not belong together: ${problem}.`,
      {hint: 'Fetch those of one release: kntool manifests pull'},
    )
  }
  if (wantedIstio === undefined || istio === undefined || wantedIstio === istio) return
  throw new KntoolError(
    'KN_CONFIG_INVALID',
    `The release ${knative ?? manifests.description} has Istio ${istio}, not ${wantedIstio}.`,
    {hint: `Leave out --istio-version, or give files that have it: --manifests DIR`},
  )
}
