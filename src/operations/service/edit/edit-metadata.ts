/** Labels and annotations of a Service and of its revisions. */
import {AUTOSCALING_GROUP} from '../../../api/autoscaling/annotations.ts'
import type {Service} from '../../../api/serving/v1.ts'
import {VISIBILITY_LABEL} from '../../../api/networking/names.ts'
import {editMap, invalid, type PairEdits, parseMap} from './notation.ts'
import type {ProfileEdit, ServiceEdits} from './service-edits.ts'

/** Keeps a Service off the public gateway, or puts it there. */
export function editVisibility(service: Service, clusterLocal: boolean): void {
  const labels = {...service.metadata.labels}
  if (clusterLocal) labels[VISIBILITY_LABEL] = 'cluster-local'
  else delete labels[VISIBILITY_LABEL]
  service.metadata.labels = labels
}

/** Edits labels: those for one place win over those for both. */
export function editLabels(service: Service, edits: ServiceEdits): void {
  const both = parseMap(edits.labels ?? [], '--label')
  const forService = parseMap(edits.serviceLabels ?? [], '--label-service')
  const forRevision = parseMap(edits.revisionLabels ?? [], '--label-revision')
  setLabels(service.metadata, merge(both, forService))
  setLabels(templateMetadata(service), merge(both, forRevision))
}

/** Edits annotations: those of the autoscaler belong to the revision only. */
export function editAnnotations(service: Service, edits: ServiceEdits): void {
  const both = parseMap(edits.annotations ?? [], '--annotation')
  const forRevision = parseMap(edits.revisionAnnotations ?? [], '--annotation-revision')
  const forService = parseMap(edits.serviceAnnotations ?? [], '--annotation-service')
  for (const key of [...forService.set.keys(), ...forService.remove]) {
    if (key.startsWith(AUTOSCALING_GROUP)) {
      throw invalid(
        `service can not have auto-scaling related annotation: ${key} , ` +
          "please update using '--annotation-revision'",
      )
    }
  }
  setAnnotations(templateMetadata(service), merge(both, forRevision))
  const sharedSet = [...both.set].filter(([key]) => !key.startsWith(AUTOSCALING_GROUP))
  setAnnotations(service.metadata, merge({...both, set: new Map(sharedSet)}, forService))
}

/** Puts annotations on revisions, whoever decided them. */
export function annotateTemplate(service: Service, annotations: Record<string, string>): void {
  setAnnotations(templateMetadata(service), {
    set: new Map(Object.entries(annotations)),
    remove: [],
  })
}

/**
 * Puts a profile on or takes it away.
 *
 * Differs from upstream: labels are also put on revisions, because that is where pods take them
 * from; kn puts them on the Service only, where Istio does not look.
 */
export function editProfile(service: Service, profile: ProfileEdit): void {
  const edits = (map: Readonly<Record<string, string>>): PairEdits =>
    profile.remove
      ? {set: new Map(), remove: Object.keys(map)}
      : {set: new Map(Object.entries(map)), remove: []}
  setAnnotations(templateMetadata(service), edits(profile.annotations))
  setLabels(service.metadata, edits(profile.labels))
  setLabels(templateMetadata(service), edits(profile.labels))
}

interface Metadata {
  labels?: Record<string, string>
  annotations?: Record<string, string>
}

function templateMetadata(service: Service): Metadata {
  service.spec.template.metadata ??= {}
  return service.spec.template.metadata
}

function setLabels(metadata: Metadata, edits: PairEdits): void {
  const labels = editMap(metadata.labels, edits)
  if (labels !== undefined) metadata.labels = labels
}

function setAnnotations(metadata: Metadata, edits: PairEdits): void {
  const annotations = editMap(metadata.annotations, edits)
  if (annotations !== undefined) metadata.annotations = annotations
}

/** What is set in `over` is not taken away by `base`, and the other way round. */
function merge(base: PairEdits, over: PairEdits): PairEdits {
  return {
    set: new Map([...base.set, ...over.set]),
    remove: [...base.remove.filter((name) => !over.set.has(name)), ...over.remove],
  }
}
