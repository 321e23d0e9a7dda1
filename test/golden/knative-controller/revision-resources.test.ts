import {describe, expect, test} from 'vitest'
import type {Deployment} from '../../../src/api/apps/v1.ts'
import type {PodAutoscaler} from '../../../src/api/autoscaling/v1alpha1.ts'
import {defaultConfigs} from '../../../src/api/config/config-store.ts'
import type {KubeObject} from '../../../src/api/meta/object.ts'
import type {Image, Revision} from '../../../src/api/serving/v1.ts'
import {makeDeployment} from '../../../src/knative/controller/revision/deployment.ts'
import {deploymentDrifted} from '../../../src/knative/controller/revision/deployment-drift.ts'
import {makeImage} from '../../../src/knative/controller/revision/image.ts'
import {makePodAutoscaler} from '../../../src/knative/controller/revision/pod-autoscaler.ts'
import {goldenFolders, goldenObjects, restrictTo} from '../../support/golden-objects.ts'
import {needs, RECORDINGS} from '../../support/requirements.ts'

const config = defaultConfigs(
  'gcr.io/knative-releases/knative.dev/serving/cmd/queue@sha256:e52286fc4843470383e917abc9c1b0c8d10f585c4274c57b612279869bc86f0d',
)

/** The object of the list that the revision controls. */
function childOf<T extends KubeObject>(revision: Revision, children: readonly T[]): T | undefined {
  const {uid} = revision.metadata
  return children.find((child) =>
    child.metadata.ownerReferences?.some((owner) => owner.uid === uid),
  )
}

/** What net-istio's webhook adds to Deployments is not the revision's doing. */
function withoutIstioLabels(labels: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).filter(([key]) => !key.startsWith('service.istio.io/')),
  )
}

/** Every recorded revision, but for one whose labels were edited after its objects were made. */
const recorded = goldenFolders('revision').flatMap((folder) =>
  goldenObjects<Revision>(folder, 'revision')
    .filter(({metadata}) => metadata.name !== 'imm-v1')
    .map((revision) => ({folder, revision, name: revision.metadata.name})),
)

/** The recorded revisions together with the object of a kind that each made. */
function withChild<T extends KubeObject>(kind: string) {
  return recorded.flatMap(({folder, revision, name}) => {
    const child = childOf(revision, goldenObjects<T>(folder, kind))
    return child === undefined ? [] : [{folder, revision, name, child}]
  })
}

describe('resources of a revision, as a genuine Knative made them', needs(RECORDINGS), () => {
  test.each(withChild<Deployment>('deployment'))(
    '$folder: the Deployment of $name',
    ({revision, child}) => {
      const made = makeDeployment(revision, config)
      made.spec.replicas = child.spec.replicas ?? 1
      const {template} = child.spec
      const stored = structuredClone(child)
      stored.metadata.labels = withoutIstioLabels(stored.metadata.labels)
      stored.spec.template.metadata = {
        ...template.metadata,
        labels: withoutIstioLabels(template.metadata?.labels),
      }
      expect(made).toEqual(restrictTo(stored, made))
      expect(deploymentDrifted(made.spec, child.spec)).toBe(false)
    },
  )

  test.each(withChild<PodAutoscaler>('podautoscaler'))(
    '$folder: the PodAutoscaler of $name',
    ({folder, revision, child}) => {
      const deployment = childOf(revision, goldenObjects<Deployment>(folder, 'deployment'))
      const made = makePodAutoscaler(revision, deployment)
      expect(made.spec).toEqual(child.spec)
      expect(made).toEqual(restrictTo(child, made))
    },
  )

  test.each(withChild<Image>('image'))('$folder: the Images of $name', ({folder, revision}) => {
    const stored = goldenObjects<Image>(folder, 'image').filter(
      (image) => childOf(revision, [image]) !== undefined,
    )
    const made = (revision.status?.containerStatuses ?? []).map(({name = '', imageDigest = ''}) =>
      makeImage(revision, name, imageDigest),
    )
    const byName = (left: Image, right: Image): number =>
      left.metadata.name < right.metadata.name ? -1 : 1
    expect(made.toSorted(byName)).toEqual(
      restrictTo(stored.toSorted(byName), made.toSorted(byName)),
    )
  })
})
