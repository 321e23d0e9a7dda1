/** Taking back what was applied. */
import type {KubeObject} from '../../api/meta/object.ts'
import type {ResourceType} from '../../api/meta/resource-type.ts'
import {StatusError} from '../../api/meta/status-error.ts'
import {describeObject} from '../../client/apply-objects.ts'
import {forEachLimited} from '../../util/for-each-limited.ts'
import type {InstallContext, PlannedChange, Poll, Undo} from '../step.ts'

const CONCURRENCY = 16

/** Kinds that go first, in this order: a webhook without its pods would refuse every other deletion. */
const FIRST = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration', 'APIService']
/** Kinds that go last, in this order: what is deleted before them may still need them. */
const LAST = [
  'ServiceAccount',
  'RoleBinding',
  'ClusterRoleBinding',
  'Role',
  'ClusterRole',
  'CustomResourceDefinition',
  'Namespace',
]

type ApiContext = Pick<InstallContext, 'client' | 'mapper'>

/** An object that is there. */
export interface PresentObject {
  readonly type: ResourceType
  readonly live: KubeObject
}

/** An undo that deletes objects and waits until they are gone. */
export function removal(load: (context: InstallContext) => Promise<readonly KubeObject[]>): Undo {
  /** What a run still waits for: what is gone once is not asked for again. */
  const waitedFor = new WeakMap<InstallContext, readonly KubeObject[]>()
  return {
    async plan(context) {
      const present = await presentObjects(await load(context), context)
      return {changes: present.map(plannedDeletion)}
    },
    async apply(context) {
      await removeObjects(await load(context), context)
    },
    async observe(context) {
      const objects = waitedFor.get(context) ?? (await load(context))
      const present = await presentObjects(objects, context)
      waitedFor.set(
        context,
        present.map(({live}) => live),
      )
      return judgeGone(present)
    },
  }
}

/** The deletion of an object, for a plan. */
export function plannedDeletion({type, live}: PresentObject): PlannedChange {
  const {namespace} = live.metadata
  const object = describeObject(type, live)
  return {action: 'delete', object, ...(namespace !== undefined && {detail: `in ${namespace}`})}
}

/** Deletes objects in waves; those of a wave at the same time. What is not there is fine. */
async function removeObjects(
  objects: readonly KubeObject[],
  context: ApiContext & Pick<InstallContext, 'progress'>,
): Promise<void> {
  context.progress(`deleting ${objects.length} objects`)
  for (const wave of removalWaves(objects)) {
    await forEachLimited(wave, CONCURRENCY, async (object) => {
      const type = await context.mapper.find(object)
      if (type === undefined || object.metadata.name === undefined) return
      try {
        await context.client.delete(type, object.metadata, {propagationPolicy: 'Background'})
      } catch (error) {
        if (!isGone(error)) throw error
      }
    })
  }
}

/** Whether nothing is there any more; else what is, and what holds it. */
export function judgeGone([first, ...others]: readonly PresentObject[]): Poll {
  if (first === undefined) return {done: true}
  const finalizers = first.live.metadata.finalizers ?? []
  const held = finalizers.length === 0 ? '' : `, held by ${finalizers.join(', ')}`
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  return {
    done: false,
    waitingFor: `${describeObject(first.type, first.live)}${more} to be gone${held}`,
  }
}

/** Those of `objects` that are there, in their order. */
export async function presentObjects(
  objects: readonly KubeObject[],
  {client, mapper}: ApiContext,
): Promise<PresentObject[]> {
  const present: (PresentObject | undefined)[] = objects.map(() => undefined)
  await forEachLimited([...objects.entries()], CONCURRENCY, async ([index, object]) => {
    const type = object.metadata.name === undefined ? undefined : await mapper.find(object)
    if (type === undefined) return
    const live = await client.find(type, object.metadata).catch((error: unknown) => {
      if (isGone(error)) return undefined
      throw error
    })
    // Objects as the API lists them do not all say what they are.
    const {apiVersion, kind} = object
    if (live !== undefined) present[index] = {type, live: {...live, apiVersion, kind}}
  })
  return present.filter((one) => one !== undefined)
}

/** Splits objects into waves of deletion. */
function removalWaves(objects: readonly KubeObject[]): KubeObject[][] {
  const order = [...FIRST, '', ...LAST]
  const waves: KubeObject[][] = order.map(() => [])
  for (const object of objects) {
    const index = order.indexOf(object.kind)
    waves[index < 0 ? FIRST.length : index]?.push(object)
  }
  return waves.filter((wave) => wave.length > 0)
}

/** The object is not there, or its kind is not any more. */
function isGone(error: unknown): boolean {
  return error instanceof StatusError && error.code === 404
}
