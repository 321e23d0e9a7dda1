import type {AppliedManifest} from '../operations/apply/apply-manifests.ts'
import {describeObject} from '../client/apply-objects.ts'

/** `service.serving.knative.dev/web created`, as kubectl says it. */
export function appliedLine({type, object, outcome}: AppliedManifest): string {
  return `${describeObject(type, object)} ${outcome}\n`
}
