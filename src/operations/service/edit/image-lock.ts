/**
 * Keeps the code of a Service constant: a revision made without a new image runs the digest of the
 * one before, while an annotation remembers the image as the user wrote it.
 */
import type {Revision, RevisionTemplateSpec} from '../../../api/serving/v1.ts'
import {USER_IMAGE_ANNOTATION} from '../../names.ts'
import {mainContainer} from '../main-container.ts'
import {invalid} from './notation.ts'

/** Remembers the image as it is written now, unless it is a digest already. */
export function rememberUserImage(template: RevisionTemplateSpec): void {
  const container = mainContainer(template.spec)
  if (container === undefined) return
  const annotations = {...template.metadata?.annotations}
  const image = container.image ?? ''
  const remembered = image.includes('@') ? annotations[USER_IMAGE_ANNOTATION] : undefined
  annotations[USER_IMAGE_ANNOTATION] = remembered ?? image
  template.metadata = {...template.metadata, annotations}
}

/** Forgets the image as the user wrote it. */
export function forgetUserImage(template: RevisionTemplateSpec): void {
  delete template.metadata?.annotations?.[USER_IMAGE_ANNOTATION]
}

/** Replaces the image by the digest that `base`, made from this template, was resolved to. */
export function pinToDigest(template: RevisionTemplateSpec, base: Revision): void {
  checkSameImage(template, base)
  const container = mainContainer(template.spec)
  const index = template.spec.containers.findIndex((candidate) => candidate === container)
  const digest = base.status?.containerStatuses?.[index]?.imageDigest
  if (container !== undefined && digest) container.image = digest
}

/** Whether the template runs the image of the revision. */
export function hasSameImage(template: RevisionTemplateSpec, base: Revision): boolean {
  const image = mainContainer(template.spec)?.image
  return image !== undefined && image === mainContainer(base.spec)?.image
}

function checkSameImage(template: RevisionTemplateSpec, base: Revision): void {
  const name = template.metadata?.name ?? ''
  const current = mainContainer(template.spec)
  if (current === undefined) throw invalid(`no container given in current revision ${name}`)
  const before = mainContainer(base.spec)
  if (before === undefined) {
    throw invalid(`no container found in base revision ${base.metadata.name}`)
  }
  if (current.image !== before.image) {
    throw invalid(
      `can not pin image to digest: current revision ${name} contains unexpected image ` +
        `(${current.image}) that does not fit to the base revision's ${base.metadata.name} image ` +
        `(${before.image})`,
    )
  }
}
