/** Release files from the web: fetched once, verified, kept. */
import {mkdir, readFile, rename, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {createHash} from 'node:crypto'
import type {KubeObject} from '../../api/meta/object.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import type {Clock} from '../../util/clock.ts'
import {type ManifestFile, type ManifestSource, readOnce} from '../manifests.ts'
import {type KnownDocuments, parseManifest} from '../parse-manifest.ts'
import {download} from './download.ts'
import {checkLocked, LOCK_FILE, type LockedFile, readLock, sha256} from './lock-file.ts'
import {releaseUrl} from './release-files.ts'
import {releaseProblems, type ReleaseObjects} from './verify-release.ts'

/** Where a release is fetched from, and where it is kept. */
export interface ReleaseOptions {
  /** `1.13.1`. */
  readonly version: string
  /** A folder of the web that mirrors the files; without it, where they are published. */
  readonly baseUrl?: string
  readonly cacheDir: string
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly onProgress?: (message: string) => void
}

/**
 * The files of a release. What is in the cache is taken from there, if it is what was fetched once;
 * everything else is fetched, all of `files` with the first one that is asked for.
 */
export function releaseSource(
  options: ReleaseOptions & {readonly files: readonly ManifestFile[]},
): ManifestSource {
  const {files} = options
  const documents: KnownDocuments = new Map()
  let texts: Promise<string[]> | undefined
  return readOnce({
    description: options.baseUrl ?? `the release ${options.version}`,
    version: options.version,
    has: async (file) => files.includes(file),
    async load(file, onProgress) {
      texts ??= fetchRelease({...options, ...(onProgress && {onProgress})}, files)
      const text = (await texts)[files.indexOf(file)] ?? ''
      const objects = parseManifest(text, `${file}.yaml`, documents)
      return verified(file, objects, options.version)
    },
  })
}

/**
 * Brings files into a folder, all at the same time; resolves with their texts, in order.
 *
 * A file that is there is not fetched again. Throws `KN_CONFIG_INVALID` for one that is not what the
 * lock file of the folder says.
 */
export async function fetchRelease(
  options: ReleaseOptions,
  files: readonly ManifestFile[],
  folder = cacheFolder(options),
): Promise<string[]> {
  await mkdir(folder, {recursive: true})
  const lock = await readLock(folder)
  const fetched: Record<string, LockedFile> = {}
  const results = await Promise.allSettled(
    files.map(async (file) => {
      const name = `${file}.yaml`
      const path = join(folder, name)
      const kept = await readFile(path, 'utf8').catch(() => undefined)
      const url = urlOf(options, file)
      const text = kept ?? (await fetchFile(url, options))
      checkLocked(lock, name, text, kept === undefined ? url : path)
      if (kept === undefined) await writeWhole(path, text)
      fetched[name] = {url, sha256: sha256(text), bytes: Buffer.byteLength(text)}
      return text
    }),
  )
  // What came is kept, whatever became of the others.
  await extendLock(folder, options.version, fetched)
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason
    return result.value
  })
}

/** The name of the folder of a release. */
export function releaseFolder(version: string): string {
  return `knative-v${version}`
}

/** Where the files of a release are kept: one folder per version and origin. */
export function cacheFolder({cacheDir, version, baseUrl}: ReleaseOptions): string {
  if (baseUrl === undefined) return join(cacheDir, releaseFolder(version))
  const origin = createHash('sha256').update(baseUrl).digest('hex').slice(0, 12)
  return join(cacheDir, `${new URL(baseUrl).hostname}-${origin}`)
}

function urlOf({version, baseUrl}: ReleaseOptions, file: ManifestFile): string {
  return baseUrl === undefined
    ? releaseUrl(version, file)
    : `${baseUrl.replace(/\/+$/, '')}/${file}.yaml`
}

async function fetchFile(url: string, options: ReleaseOptions): Promise<string> {
  const {clock, signal, onProgress} = options
  onProgress?.(`fetching ${url}`)
  let quarters = 0
  const text = await download(url, {
    clock,
    signal,
    onProgress: (bytes, total = Infinity) => {
      const reached = Math.floor((4 * bytes) / total)
      if (reached > quarters) onProgress?.(`fetched ${reached * 25} % of ${url}`)
      quarters = reached
    },
    onRetry: (why) => onProgress?.(`fetching ${url} again: ${why}`),
  })
  // An error page that came with status 200 must not be kept.
  parseManifest(text, url)
  return text
}

async function extendLock(
  folder: string,
  knative: string,
  files: Readonly<Record<string, LockedFile>>,
): Promise<void> {
  const current = await readLock(folder)
  const missing = Object.keys(files).some((name) => current?.files[name] === undefined)
  if (!missing) return
  const lock = {version: 1, knative, files: {...current?.files, ...files}}
  await writeWhole(join(folder, LOCK_FILE), `${JSON.stringify(lock, undefined, 2)}\n`)
}

let writes = 0

async function writeWhole(path: string, text: string): Promise<void> {
  writes += 1
  const temporary = `${path}.${process.pid}.${writes}`
  await writeFile(temporary, text)
  await rename(temporary, path)
}

function verified(file: ManifestFile, objects: KubeObject[], version: string): KubeObject[] {
  const release: ReleaseObjects = {[file]: objects}
  const [problem] = releaseProblems(release, version)
  if (problem === undefined) return objects
  throw new KntoolError('KN_CONFIG_INVALID', `This is not release ${version}: ${problem}.`, {
    hint: 'Remove it and run again, or give a folder: --manifests DIR',
  })
}
