import type {Deployment} from '../api/apps/v1.ts'
import {ISTIO_NAMESPACE, SYSTEM_NAMESPACE} from '../api/config/system-namespace.ts'
import type {ManifestSource} from '../install/manifests.ts'
import {type ReleaseVersions, releaseVersions} from '../install/release/verify-release.ts'

/** The versions that run, by labels and images of Deployments. */
export function installedVersions(deployments: readonly Deployment[]): ReleaseVersions {
  const of = (namespace: string): Deployment[] =>
    deployments
      .filter(({metadata}) => metadata.namespace === namespace)
      // Lists of the API leave the kind of their items out.
      .map((deployment) => ({...deployment, kind: 'Deployment'}))
  const core = of(SYSTEM_NAMESPACE).filter(({metadata}) => metadata.name === 'controller')
  return releaseVersions({'serving-core': core, istio: of(ISTIO_NAMESPACE)})
}

/** The versions about to be installed. */
export async function releaseToInstall(manifests: ManifestSource): Promise<ReleaseVersions> {
  const [core, istio] = await Promise.all([manifests.load('serving-core'), manifests.load('istio')])
  return {
    ...releaseVersions({'serving-core': core, istio}),
    ...(manifests.version !== undefined && {knative: manifests.version}),
  }
}
