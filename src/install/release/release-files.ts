/** Where the files of a release are published. */
import {MANIFEST_FILES, type ManifestFile} from '../manifests.ts'

const REPOSITORIES: Readonly<Record<ManifestFile, string>> = {
  'serving-crds': 'knative/serving',
  'serving-core': 'knative/serving',
  'serving-hpa': 'knative/serving',
  'serving-post-install-jobs': 'knative/serving',
  istio: 'knative-extensions/net-istio',
  'net-istio': 'knative-extensions/net-istio',
}

/** The address of one file of Knative `version` (`1.13.1`). */
export function releaseUrl(version: string, file: ManifestFile): string {
  return `https://github.com/${REPOSITORIES[file]}/releases/download/knative-v${version}/${file}.yaml`
}

/** The files an installation with these wishes needs. */
export function neededFiles(wishes: {
  readonly withHpa?: boolean
  readonly withJobs?: boolean
}): ManifestFile[] {
  return [
    ...MANIFEST_FILES,
    ...(wishes.withHpa ? (['serving-hpa'] as const) : []),
    ...(wishes.withJobs ? (['serving-post-install-jobs'] as const) : []),
  ]
}
