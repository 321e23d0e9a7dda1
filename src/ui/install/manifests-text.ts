/** What `manifests pull` says. */
import type {PulledRelease} from '../../operations/install/pull-manifests.ts'

/**
 * The files of each release, as `sha256sum` prints them: `sha256sum --check` reads it.
 *
 * @example
 *   1b5df09f…  knative-v1.13.1/serving-crds.yaml
 */
export function renderPulled(releases: readonly PulledRelease[]): string {
  return releases
    .flatMap(({folder, files}) => files.map(({name, sha256}) => `${sha256}  ${folder}/${name}\n`))
    .join('')
}
