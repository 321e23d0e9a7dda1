import {existsSync} from 'node:fs'
import {join} from 'node:path'

import type {KubeObject} from '../api/meta/object.ts'
import {KntoolError} from '../errors/kntool-error.ts'
import {packageRoot} from '../util/package-root.ts'
import {embeddedDefinitions} from './embedded-definitions.ts'
import {parseManifest} from './parse-manifest.ts'
import {FileRefusal, readTextFile} from '../util/read-text-file.ts'

/** The release files an installation consists of, in the order they are needed. */
export const MANIFEST_FILES = ['serving-crds', 'serving-core', 'istio', 'net-istio'] as const

/** Release files that only some installations need: the autoscaler of class HPA, the migration jobs. */
export const OPTIONAL_FILES = ['serving-hpa', 'serving-post-install-jobs'] as const

/** A release file, by its name without the ending. */
export type ManifestFile = (typeof MANIFEST_FILES)[number] | (typeof OPTIONAL_FILES)[number]

/** Where manifests come from. */
export interface ManifestSource {
  /** How messages name the source. */
  readonly description: string
  /** The version of Knative that the files have to be of; absent where any will do. */
  readonly version?: string
  /**
   * Objects of one file, in its order. Throws `KN_CONFIG_INVALID` when the file cannot be used.
   *
   * @param onProgress told what is fetched, where something is.
   */
  load(file: ManifestFile, onProgress?: (message: string) => void): Promise<KubeObject[]>
  /** Whether there is a file; for those that not every release needs. */
  has(file: ManifestFile): Promise<boolean>
}

/** The label that the release files put on CRDs so that they can be applied before the rest. */
const CRD_INSTALL_LABEL = 'knative.dev/crd-install'

/** Splits off the CRDs, which must be established before anything of their kinds is applied. */
export function splitCrds(objects: readonly KubeObject[]): {
  crds: KubeObject[]
  rest: KubeObject[]
} {
  const isCrd = (object: KubeObject): boolean =>
    object.kind === 'CustomResourceDefinition' ||
    object.metadata.labels?.[CRD_INSTALL_LABEL] === 'true'
  return {crds: objects.filter(isCrd), rest: objects.filter((object) => !isCrd(object))}
}

/** A source that reads each file once, however often it is asked for. */
export function readOnce(source: ManifestSource): ManifestSource {
  const loaded = new Map<ManifestFile, Promise<KubeObject[]>>()
  return {
    ...source,
    load(file, onProgress) {
      const known = loaded.get(file)
      if (known !== undefined) return known
      const loading = source.load(file, onProgress)
      loaded.set(file, loading)
      return loading
    },
  }
}

/** Manifests of a folder: `<file>.yaml`, and `<file>-crds.yaml` before it where there is one. */
export function manifestsIn(folder: string): ManifestSource {
  return {
    description: folder,
    async load(file) {
      const path = join(folder, `${file}.yaml`)
      const text = await readTextFile(path).catch((cause: unknown) => {
        const why = cause instanceof FileRefusal ? `: ${cause.message}` : ''
        throw new KntoolError('KN_CONFIG_INVALID', `Cannot read the manifest ${path}${why}.`, {
          hint: [
            'The folder of --manifests has to hold serving-crds.yaml, serving-core.yaml, istio.yaml and net-istio.yaml.',
            'Fetch them, here or where the internet is: kntool manifests pull',
          ],
          cause,
        })
      })
      return parseManifest(text, path)
    },
    has: async (file) => existsSync(join(folder, `${file}.yaml`)),
  }
}

/**
 * The manifests of the embedded cluster: its kinds, then what stands in `templates/local`.
 */
export function embeddedManifests(): ManifestSource {
  const templates = manifestsIn(join(packageRoot(), 'templates', 'local'))
  return readOnce({
    description: 'embedded',
    async load(file) {
      if (file === 'serving-crds') return embeddedDefinitions('serving')
      const objects = await templates.load(file)
      return file === 'istio' ? [...embeddedDefinitions('istio'), ...objects] : objects
    },
    has: async (file) => file === 'serving-crds' || templates.has(file),
  })
}
