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
import {goldenFolders, goldenObjects, hasGolden, restrictTo} from '../../support/golden-objects.ts'

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

describe.skipIf(!hasGolden)('resources of a revision, as a genuine Knative made them', () => {
  for (const folder of goldenFolders('revision')) {
    const revisions = goldenObjects<Revision>(folder, 'revision')
    const deployments = goldenObjects<Deployment>(folder, 'deployment')
    const autoscalers = goldenObjects<PodAutoscaler>(folder, 'podautoscaler')
    const images = goldenObjects<Image>(folder, 'image')
    for (const revision of revisions) {
      const {name} = revision.metadata
      // Its labels and annotations were edited later; what was made before kept the old ones.
      if (name === 'imm-v1') continue
      const deployment = childOf(revision, deployments)
      const autoscaler = childOf(revision, autoscalers)
      if (deployment !== undefined) {
        test(`${folder}: the Deployment of ${name}`, () => {
          const made = makeDeployment(revision, config)
          made.spec.replicas = deployment.spec.replicas ?? 1
          const {template} = deployment.spec
          const recorded = structuredClone(deployment)
          recorded.metadata.labels = withoutIstioLabels(recorded.metadata.labels)
          recorded.spec.template.metadata = {
            ...template.metadata,
            labels: withoutIstioLabels(template.metadata?.labels),
          }
          expect(made).toEqual(restrictTo(recorded, made))
          expect(deploymentDrifted(made.spec, deployment.spec)).toBe(false)
        })
      }
      if (autoscaler !== undefined) {
        test(`${folder}: the PodAutoscaler of ${name}`, () => {
          const made = makePodAutoscaler(revision, deployment)
          expect(made.spec).toEqual(autoscaler.spec)
          expect(made).toEqual(restrictTo(autoscaler, made))
        })
      }
      const statuses = revision.status?.containerStatuses ?? []
      test.skipIf(statuses.length === 0)(`${folder}: the Images of ${name}`, () => {
        for (const status of statuses) {
          const made = makeImage(revision, status.name ?? '', status.imageDigest ?? '')
          const image = images.find((other) => other.metadata.name === made.metadata.name)
          expect(made).toEqual(restrictTo(image, made))
        }
      })
    }
  }
})
