/** The release manifests of Knative 1.13.1. They lie outside of the repository and may be absent. */
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import type {KubeObject} from '../../src/api/meta/object.ts'
import {parseManifest} from '../../src/install/parse-manifest.ts'

const FOLDER = join(import.meta.dirname, '../../../shared/manifests/knative-v1.13.1')

/** Where a file of the release is. */
export function genuineManifestPath(file: string): string {
  return join(FOLDER, file)
}

/** The objects of a file of the release, in its order. */
export function genuineObjects(file: string): KubeObject[] {
  const path = genuineManifestPath(file)
  return parseManifest(readFileSync(path, 'utf8'), path)
}
