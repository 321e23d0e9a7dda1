/** Metadata of what a Revision makes. */
import type {ObjectMeta} from '../../../api/meta/object.ts'
import {controllerReference} from '../../../api/meta/owner.ts'
import {
  LAST_PINNED_ANNOTATION,
  NO_GC_ANNOTATION,
  REVISION_LABEL,
  REVISION_UID_LABEL,
  ROUTES_ANNOTATION,
  ROUTE_LABEL,
  ROUTING_STATE_LABEL,
  ROUTING_STATE_MODIFIED_ANNOTATION,
} from '../../../api/serving/metadata-keys.ts'
import {type Revision, REVISIONS} from '../../../api/serving/v1.ts'
import {annotationsWithout, without} from '../metadata.ts'

// Traffic changes these on a revision; its pods must not be replaced for that.
const ROUTING_LABELS = [ROUTE_LABEL, ROUTING_STATE_LABEL]
const ROUTING_ANNOTATIONS = [
  LAST_PINNED_ANNOTATION,
  NO_GC_ANNOTATION,
  ROUTING_STATE_MODIFIED_ANNOTATION,
  ROUTES_ANNOTATION,
]

/** The labels of everything a revision makes, pods included. */
export function makeLabels(revision: Revision): Record<string, string> {
  const {name, uid = '', labels} = revision.metadata
  return {
    // Tracing tools group by `app`; an author's own one stays.
    app: name,
    ...without(labels, ROUTING_LABELS),
    [REVISION_LABEL]: name,
    [REVISION_UID_LABEL]: uid,
  }
}

/** The annotations of everything a revision makes, pods included; absent when there are none. */
export function makeAnnotations(revision: Revision): Pick<ObjectMeta, 'annotations'> {
  return annotationsWithout(revision.metadata.annotations, ROUTING_ANNOTATIONS)
}

/** The metadata of an object that a revision makes and controls. */
export function makeOwnedMeta(revision: Revision, name: string): ObjectMeta {
  const {namespace} = revision.metadata
  return {
    name,
    ...(namespace !== undefined && {namespace}),
    labels: makeLabels(revision),
    ...makeAnnotations(revision),
    ownerReferences: [controllerReference(revision, REVISIONS)],
  }
}
