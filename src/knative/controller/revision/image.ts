/** Counterpart of `pkg/reconciler/revision/resources/imagecache.go`. */
import type {Image, Revision} from '../../../api/serving/v1.ts'
import {makeOwnedMeta} from './metadata.ts'
import {imageName} from './names.ts'

/** The wish that a container's image be cached on the nodes. */
export function makeImage(revision: Revision, container: string, digest: string): Image {
  const {serviceAccountName, imagePullSecrets} = revision.spec
  return {
    apiVersion: 'caching.internal.knative.dev/v1alpha1',
    kind: 'Image',
    metadata: makeOwnedMeta(revision, imageName(revision, container)),
    spec: {
      image: digest,
      ...(serviceAccountName !== undefined && {serviceAccountName}),
      ...(imagePullSecrets !== undefined && {imagePullSecrets}),
    },
  }
}
