import {describe, expect, test} from 'vitest'
import type {KubeObject} from '../../../src/api/meta/object.ts'
import type {ResourceType} from '../../../src/api/meta/resource-type.ts'
import {DEPLOYMENTS} from '../../../src/api/apps/v1.ts'
import {POD_AUTOSCALERS} from '../../../src/api/autoscaling/v1alpha1.ts'
import {CORE_SERVICES} from '../../../src/api/core/v1.ts'
import {KINGRESSES} from '../../../src/api/networking/v1alpha1.ts'
import {
  CONFIGURATIONS,
  DOMAIN_MAPPINGS,
  IMAGES,
  REVISIONS,
  ROUTES,
  SERVICES,
} from '../../../src/api/serving/v1.ts'
import {goldenObjects, goldenText} from '../../support/golden-objects.ts'
import {ServingWorld} from '../../support/serving-world.ts'
import {needs, RECORDINGS} from '../../support/requirements.ts'

/** What is compared, by the name of the recorded file. */
const KINDS: Readonly<Record<string, ResourceType>> = {
  ksvc: SERVICES,
  configuration: CONFIGURATIONS,
  revision: REVISIONS,
  route: ROUTES,
  domainmapping: DOMAIN_MAPPINGS,
  kingress: KINGRESSES,
  podautoscaler: POD_AUTOSCALERS,
  deployment: DEPLOYMENTS,
  image: IMAGES,
  service: CORE_SERVICES,
}

type Step =
  /** Applies a recorded input. */
  | {readonly apply: string}
  | {readonly patch: ResourceType; readonly name: string; readonly body: unknown}
  | {readonly remove: ResourceType; readonly name: string}
  /** Lets so many seconds pass. */
  | {readonly seconds: number}
  /** Compares with a recorded folder. */
  | {readonly same: string; readonly except?: readonly string[]}

const traffic = (...targets: object[]): Step => ({
  patch: SERVICES,
  name: 'helloworld-go',
  body: {spec: {traffic: targets}},
})
const pinned = (revisionName: string, percent: number, tag?: string): object => ({
  revisionName,
  percent,
  latestRevision: false,
  ...(tag !== undefined && {tag}),
})
const SETTLE: Step = {seconds: 3}

/** From the namespace to what was done in it. */
const SCENARIOS: Readonly<Record<string, readonly Step[]>> = {
  default: [
    {apply: 'a-create/input.yaml'},
    SETTLE,
    {same: 'a-create'},
    {apply: 'b-update-env/input.yaml'},
    SETTLE,
    {same: 'b-update-env'},
    {apply: 'c-window-annotation/input.yaml'},
    SETTLE,
    {same: 'c-window-annotation'},
    traffic(pinned('helloworld-go-00001', 50), pinned('helloworld-go-00002', 50)),
    SETTLE,
    {same: 'd-traffic/1-split'},
    traffic(
      pinned('helloworld-go-00001', 50, 'current'),
      pinned('helloworld-go-00002', 50, 'candidate'),
      {latestRevision: true, percent: 0, tag: 'latest'},
    ),
    SETTLE,
    {same: 'd-traffic/2-tags'},
  ],
  'h-del': [
    {apply: 'h-deletion/input.yaml'},
    SETTLE,
    {apply: 'h-deletion/input2.yaml'},
    SETTLE,
    {
      patch: SERVICES,
      name: 'gone',
      body: {
        spec: {traffic: [{latestRevision: true, percent: 100}, pinned('gone-00001', 0, 'old')]},
      },
    },
    SETTLE,
    {same: 'h-deletion/1-before'},
    {remove: REVISIONS, name: 'gone-00001'},
    SETTLE,
    {same: 'h-deletion/2-revision-deleted-in-use'},
  ],
  'i-vis': [
    {apply: 'i-visibility/private.yaml'},
    {apply: 'i-visibility/public.yaml'},
    SETTLE,
    {same: 'i-visibility/1-created'},
    {
      patch: SERVICES,
      name: 'pub',
      body: {metadata: {labels: {'networking.knative.dev/visibility': 'cluster-local'}}},
    },
    SETTLE,
    {same: 'i-visibility/2-pub-now-private'},
  ],
  'i-dm': [
    {apply: 'i-domainmapping/service.yaml'},
    SETTLE,
    {apply: 'i-domainmapping/dm.yaml'},
    SETTLE,
    {same: 'i-domainmapping/1-without-claim'},
    {apply: 'i-domainmapping/cdc.yaml'},
    SETTLE,
    // A second mapping, whose domain nobody claims.
    {same: 'i-domainmapping/2-with-claim', except: ['x.example.org']},
  ],
  'k-ro': [
    {apply: 'k-rollout-duration/input.yaml'},
    SETTLE,
    {same: 'k-rollout-duration/1'},
    {apply: 'k-rollout-duration/input2.yaml'},
    {seconds: 30},
    {same: 'k-rollout-duration/2-after'},
  ],
  'h-s03': [
    {apply: 'scenarios/s03-byo-names/1-first.yaml'},
    SETTLE,
    {same: 'scenarios/s03-byo-names/1-first'},
    {apply: 'scenarios/s03-byo-names/2-second.yaml'},
    SETTLE,
    {same: 'scenarios/s03-byo-names/2-pinned'},
    {
      patch: SERVICES,
      name: 'byo',
      body: {
        spec: {
          traffic: [
            pinned('byo-green', 60, 'next'),
            {revisionName: 'byo-blue', percent: 40, tag: 'stable'},
            {latestRevision: true, percent: 0, tag: 'head'},
          ],
        },
      },
    },
    SETTLE,
    {same: 'scenarios/s03-byo-names/3-flip'},
    {apply: 'scenarios/s03-byo-names/6-name-removed.yaml'},
    SETTLE,
    {same: 'scenarios/s03-byo-names/4-name-removed'},
  ],
  'h-s04': [
    {apply: 'scenarios/s04-split-rollback/1-v1.yaml'},
    SETTLE,
    {apply: 'scenarios/s04-split-rollback/2-v2.yaml'},
    SETTLE,
    {apply: 'scenarios/s04-split-rollback/3-v3.yaml'},
    SETTLE,
    {apply: 'scenarios/s04-split-rollback/4-split.yaml'},
    SETTLE,
    {same: 'scenarios/s04-split-rollback/1-split'},
    {apply: 'scenarios/s04-split-rollback/5-rollback.yaml'},
    SETTLE,
    {same: 'scenarios/s04-split-rollback/2-rollback'},
    {apply: 'scenarios/s04-split-rollback/6-v4-while-pinned.yaml'},
    SETTLE,
    {same: 'scenarios/s04-split-rollback/3-v4-while-pinned'},
    {apply: 'scenarios/s04-split-rollback/9-missing-rev.yaml'},
    SETTLE,
    {same: 'scenarios/s04-split-rollback/4-missing-rev'},
  ],
  'h-s09': [
    {apply: 'scenarios/s09-route-configuration/1-route-first.yaml'},
    SETTLE,
    {same: 'scenarios/s09-route-configuration/1-route-first'},
    {apply: 'scenarios/s09-route-configuration/2-configuration.yaml'},
    SETTLE,
    {same: 'scenarios/s09-route-configuration/2-configuration'},
    {apply: 'scenarios/s09-route-configuration/3-configuration-v2.yaml'},
    SETTLE,
    {apply: 'scenarios/s09-route-configuration/4-second-route.yaml'},
    SETTLE,
    {same: 'scenarios/s09-route-configuration/3-two-routes'},
    {remove: ROUTES, name: 'front'},
    SETTLE,
    {same: 'scenarios/s09-route-configuration/4-route-deleted'},
  ],
  'e-crash': [
    {apply: 'e-failing/crash/input.yaml'},
    SETTLE,
    {same: 'e-failing/crash/t3'},
    {seconds: 9},
    {same: 'e-failing/crash/t12'},
  ],
  'e-imagepull-deadline20s': [
    {apply: 'e-failing/imagepull-deadline20s/input.yaml'},
    {seconds: 25},
    {same: 'e-failing/imagepull-deadline20s/t25'},
    {seconds: 50},
    {same: 'e-failing/imagepull-deadline20s/t75'},
  ],
  'e-neverready-deadline20s': [
    {apply: 'e-failing/neverready-deadline20s/input.yaml'},
    {seconds: 3},
    {same: 'e-failing/neverready-deadline20s/t3'},
    {seconds: 22},
    {same: 'e-failing/neverready-deadline20s/t25'},
    {seconds: 50},
    {same: 'e-failing/neverready-deadline20s/t75'},
  ],
  'e-missing-serviceaccount': [
    {apply: 'e-failing/missing-serviceaccount/input.yaml'},
    SETTLE,
    {same: 'e-failing/missing-serviceaccount/t3'},
  ],
  'e-traffic-missing-revision': [
    {apply: 'e-failing/traffic-missing-revision/input.yaml'},
    SETTLE,
    {same: 'e-failing/traffic-missing-revision/t3'},
  ],
}

/** What differs between any two runs. */
const NORMALIZERS: readonly ((text: string) => string)[] = [
  (text) => text.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uid>'),
  (text) => text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, '<time>'),
  (text) => text.replace(/"10\.\d+\.\d+\.\d+"/g, '"<address>"'),
  (text) => text.replace(/(-deployment)-[a-z0-9]{4,10}(?=[\\" -])/g, '$1-<hash>'),
]

function normalize(object: KubeObject): unknown {
  const {metadata, ...rest} = object
  const {annotations = {}, labels, name, namespace, ownerReferences, finalizers} = metadata
  const kept = Object.entries(annotations).filter(
    ([key]) => !key.startsWith('kubectl.kubernetes.io/') && !key.startsWith('deployment.kubern'),
  )
  const meta = {name, namespace, labels, ownerReferences, finalizers}
  let text = JSON.stringify({...rest, metadata: {...meta, annotations: Object.fromEntries(kept)}})
  for (const step of NORMALIZERS) text = step(text)
  const normalized = JSON.parse(text) as KubeObject & {status?: {observedGeneration?: number}}
  // How often a child is written depends on how writes were batched.
  if (object.apiVersion !== 'serving.knative.dev/v1') {
    delete normalized.status?.observedGeneration
  }
  return sortConditions(normalized)
}

function sortConditions(object: KubeObject & {status?: object}): KubeObject {
  const status = object.status as {conditions?: {type: string}[]} | undefined
  status?.conditions?.sort((left, right) => (left.type < right.type ? -1 : 1))
  return object
}

/** Normalised objects by name; the API server's own Service is not there in a test. */
function byName(objects: readonly KubeObject[], except: readonly string[]): unknown {
  return Object.fromEntries(
    objects
      .filter(({metadata}) => metadata.name !== 'kubernetes' && !except.includes(metadata.name))
      .map((object) => [object.metadata.name, normalize(object)]),
  )
}

/** Everything of a namespace that is compared, by kind and name. */
async function observed(
  world: ServingWorld,
  namespace: string,
  except: readonly string[] = [],
): Promise<Record<string, unknown>> {
  const kinds: Record<string, unknown> = {}
  for (const [file, type] of Object.entries(KINDS)) {
    kinds[file] = byName((await world.client.list(type, {namespace})).items, except)
  }
  return kinds
}

function recorded(folder: string, except: readonly string[] = []): Record<string, unknown> {
  const files = Object.keys(KINDS)
  return Object.fromEntries(
    files.map((file) => [file, byName(goldenObjects(folder, file), except)]),
  )
}

describe('Knative Serving ends where a genuine one ended', needs(RECORDINGS), () => {
  test.each(Object.entries(SCENARIOS))('in the namespace %s', async (namespace, steps) => {
    const ours: Record<string, unknown> = {}
    const theirs: Record<string, unknown> = {}
    await using world = await ServingWorld.start()
    await world.ensureNamespace(namespace)
    for (const step of steps) {
      if ('apply' in step) await world.apply(goldenText(step.apply), namespace)
      else if ('seconds' in step) await world.advance(step.seconds * 1000)
      else if ('remove' in step) {
        await world.client.delete(step.remove, {namespace, name: step.name})
      } else if ('patch' in step) {
        const key = {namespace, name: step.name}
        await world.client.patch(step.patch, key, {type: 'merge', body: step.body})
      } else {
        ours[step.same] = await observed(world, namespace, step.except)
        theirs[step.same] = recorded(step.same, step.except)
      }
    }
    expect(ours).toEqual(theirs)
  })
})
