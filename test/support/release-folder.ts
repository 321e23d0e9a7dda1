/** Release files of any version, made of those of the embedded cluster. */
import {mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {printYaml} from '../../src/util/yaml/print-yaml.ts'
import type {KubeObject} from '../../src/api/meta/object.ts'
import {embeddedManifests, MANIFEST_FILES} from '../../src/install/manifests.ts'

const DIGEST = `@sha256:${'0'.repeat(64)}`

/** What a release is made to be. */
export interface ReleaseOptions {
  /** `1.14.0`. */
  readonly version: string
  readonly istio: string
  /** Also the job that migrates what is stored. */
  readonly withJobs?: boolean
}

/** Writes the files of a release into `folder`, which is created. */
export async function writeRelease(folder: string, options: ReleaseOptions): Promise<string> {
  await mkdir(folder, {recursive: true})
  const source = embeddedManifests()
  for (const file of MANIFEST_FILES) {
    const text = textOf(await source.load(file))
      .replaceAll('1.13.1', options.version)
      .replaceAll(/(knative-releases\/[^\s:@]+):v[\d.]+/g, `$1${DIGEST}`)
      .replaceAll(/(istio\/\w+):1\.20\.3/g, `$1:${options.istio}`)
    await writeFile(join(folder, `${file}.yaml`), text)
  }
  if (options.withJobs) {
    await writeFile(
      join(folder, 'serving-post-install-jobs.yaml'),
      textOf([migrationJob(options.version)]),
    )
  }
  return folder
}

function textOf(objects: readonly KubeObject[]): string {
  return objects.map((object) => printYaml(object)).join('---\n')
}

function migrationJob(version: string): KubeObject {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      generateName: 'storage-version-migration-serving-',
      namespace: 'knative-serving',
      labels: {'app.kubernetes.io/version': version},
    },
    spec: {
      ttlSecondsAfterFinished: 600,
      backoffLimit: 10,
      template: {
        spec: {
          restartPolicy: 'OnFailure',
          serviceAccountName: 'controller',
          containers: [{name: 'migrate', image: `gcr.io/knative-releases/migrate${DIGEST}`}],
        },
      },
    },
  } as unknown as KubeObject
}
