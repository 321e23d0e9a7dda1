/** Names of what a Revision makes. */
import {childName} from '../../../api/meta/child-name.ts'
import type {Revision} from '../../../api/serving/v1.ts'

/** The Deployment of a revision. */
export function deploymentName(revision: Revision): string {
  return childName(revision.metadata.name, '-deployment')
}

/** The PodAutoscaler of a revision. */
export function podAutoscalerName(revision: Revision): string {
  return revision.metadata.name
}

/** The Image that asks for a container's image to be cached. */
export function imageName(revision: Revision, container: string): string {
  return childName(childName(revision.metadata.name, '-cache'), `-${container}`)
}
