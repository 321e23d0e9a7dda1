import {DEPLOYMENTS} from '../../../api/apps/v1.ts'
import {POD_AUTOSCALERS} from '../../../api/autoscaling/v1alpha1.ts'
import {childName} from '../../../api/meta/child-name.ts'
import type {Client} from '../../../client/client.ts'

/**
 * Whether everything that a revision needs is stored: its Deployment and its PodAutoscaler.
 *
 * False also where they may not be read: then an event is all there is to go by.
 */
export async function hasChildren(
  client: Client,
  namespace: string,
  revision: string,
): Promise<boolean> {
  try {
    const found = await Promise.all([
      client.find(DEPLOYMENTS, {namespace, name: childName(revision, '-deployment')}),
      client.find(POD_AUTOSCALERS, {namespace, name: revision}),
    ])
    return found.every((child) => child !== undefined)
  } catch {
    return false
  }
}
