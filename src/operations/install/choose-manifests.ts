/** Which release files are meant. */
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {embeddedManifests, type ManifestSource} from '../../install/manifests.ts'
import {folderSource} from '../../install/release/folder-source.ts'
import {releaseFolder, releaseSource} from '../../install/release/release-source.ts'
import {neededFiles} from '../../install/release/release-files.ts'
import {DEFAULT_KNATIVE_VERSION} from '../../install/versions.ts'
import type {Clock} from '../../util/clock.ts'

/** What is known of the release files that are wanted. */
export interface ManifestWish {
  /** A folder, or a folder of the web. */
  readonly manifests?: string | undefined
  /** The version the files have to be of; without it, the one this kntool was tested with. */
  readonly version?: string | undefined
  /** Whether the files of the embedded cluster will do if nothing is asked for. */
  readonly embedded: boolean
  readonly cacheDir?: string | undefined
  readonly withHpa: boolean
  readonly withJobs?: boolean
  readonly clock: Clock
  readonly signal: AbortSignal
}

/**
 * The release files that are meant.
 *
 * A folder may hold the files themselves or, as `manifests pull` writes them, one folder per version.
 */
export function chooseManifests(wish: ManifestWish): ManifestSource {
  const {manifests, version, clock, signal} = wish
  if (manifests === undefined && version === undefined && wish.embedded) return embeddedManifests()
  if (manifests !== undefined && !isUrl(manifests)) {
    const source = folderSource(folderOf(manifests, version ?? DEFAULT_KNATIVE_VERSION))
    return {...source, ...(version !== undefined && {version})}
  }
  return releaseSource({
    version: version ?? DEFAULT_KNATIVE_VERSION,
    ...(manifests !== undefined && {baseUrl: manifests}),
    cacheDir: wish.cacheDir ?? defaultCacheDir(process.env),
    clock,
    signal,
    files: neededFiles(wish),
  })
}

/** Whether `--manifests` names a folder of the web. */
function isUrl(manifests: string): boolean {
  return /^https?:\/\//.test(manifests)
}

function folderOf(folder: string, version: string): string {
  const own = join(folder, releaseFolder(version))
  return !existsSync(join(folder, 'serving-core.yaml')) && existsSync(own) ? own : folder
}

/** Where fetched manifests are kept unless somebody says otherwise. */
function defaultCacheDir(env: Readonly<Record<string, string | undefined>>): string {
  const home = env['XDG_CACHE_HOME'] || join(env['HOME'] ?? '.', '.cache')
  return join(home, 'kntool', 'manifests')
}

/**
 * The release files of one hop of an upgrade. Where several hops come out of one folder, each has a
 * folder of its own in it: `knative-v1.14.0`.
 */
export function hopManifests(
  version: string,
  isOneOfSeveral: boolean,
  wish: Omit<ManifestWish, 'version' | 'embedded'>,
): ManifestSource {
  const {manifests} = wish
  const own =
    manifests !== undefined && isOneOfSeveral
      ? isUrl(manifests)
        ? `${manifests.replace(/\/+$/, '')}/${releaseFolder(version)}`
        : join(manifests, releaseFolder(version))
      : manifests
  return chooseManifests({...wish, manifests: own, version, embedded: false, withJobs: true})
}
