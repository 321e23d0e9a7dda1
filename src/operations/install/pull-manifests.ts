/** `kntool manifests pull`: release files for a machine without the internet. */
import {join} from 'node:path'
import {KntoolError} from '../../errors/kntool-error.ts'
import {MANIFEST_FILES, type ManifestFile, OPTIONAL_FILES} from '../../install/manifests.ts'
import {folderSource} from '../../install/release/folder-source.ts'
import {type LockedFile, readLock} from '../../install/release/lock-file.ts'
import {fetchRelease, releaseFolder} from '../../install/release/release-source.ts'
import {
  mixedReleaseProblem,
  type ReleaseObjects,
  releaseVersions,
} from '../../install/release/verify-release.ts'
import type {Clock} from '../../util/clock.ts'

const ALL_FILES = [...MANIFEST_FILES, ...OPTIONAL_FILES]

/** Which releases to bring where. */
export interface PullRequest {
  /** `1.13.1`. */
  readonly versions: readonly string[]
  /** Gets one folder per version. */
  readonly dir: string
  /** A folder of the web that mirrors the files; without it, where they are published. */
  readonly from?: string | undefined
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly onProgress?: (message: string) => void
}

/** A release in a folder. */
export interface PulledRelease {
  readonly version: string
  readonly folder: string
  /** The version of Istio it brings. */
  readonly istio: string
  readonly files: readonly ({readonly name: string} & LockedFile)[]
}

/**
 * Fetches releases, or sees that those that are there are whole and unaltered.
 *
 * Throws `KN_CONFIG_INVALID` for files that are not what the lock file of their folder says, or of
 * another release.
 */
export async function pullManifests(request: PullRequest): Promise<PulledRelease[]> {
  const pulled: PulledRelease[] = []
  for (const version of request.versions) pulled.push(await pullRelease(version, request))
  return pulled
}

async function pullRelease(version: string, request: PullRequest): Promise<PulledRelease> {
  const {dir, from, onProgress} = request
  const folder = join(dir, releaseFolder(version))
  const options = {...request, version, cacheDir: dir, ...(from !== undefined && {baseUrl: from})}
  await fetchRelease(options, MANIFEST_FILES, folder)
  for (const file of OPTIONAL_FILES) {
    await fetchRelease(options, [file], folder).catch((error: unknown) => {
      // A mirror may have only what an installation needs.
      if (!(error instanceof KntoolError) || error.code !== 'KN_NOT_FOUND') throw error
      onProgress?.(`left out ${file}.yaml: ${error.message}`)
    })
  }
  const istio = await verifyFolder(folder, version)
  const lock = await readLock(folder)
  const files = ALL_FILES.flatMap((file) => {
    const name = `${file}.yaml`
    const locked = lock?.files[name]
    return locked === undefined ? [] : [{name, ...locked}]
  })
  return {version, folder, istio, files}
}

/** Throws `KN_CONFIG_INVALID` unless the folder holds the release; resolves with its Istio. */
async function verifyFolder(folder: string, version: string): Promise<string> {
  const source = folderSource(folder)
  const loaded: [ManifestFile, ReleaseObjects[ManifestFile]][] = []
  for (const file of ALL_FILES) {
    if (await source.has(file)) loaded.push([file, await source.load(file)])
  }
  const objects: ReleaseObjects = Object.fromEntries(loaded)
  const problem = mixedReleaseProblem(objects, version)
  if (problem === undefined) return releaseVersions(objects).istio ?? 'unknown'
  throw new KntoolError('KN_CONFIG_INVALID', `${folder} is not release ${version}: ${problem}.`, {
    hint: 'Remove the folder and run again.',
  })
}
