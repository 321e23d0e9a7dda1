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

/**
 * An undo that deletes objects and waits until they are gone.
 *
 * @param keep why they stay, if they do.
 */
export function removal(
  load: (context: InstallContext) => Promise<readonly KubeObject[]>,
  keep: (context: InstallContext) => Promise<string | undefined> = async () => undefined,
): Undo {
  return {
    async plan(context) {
      const reason = await keep(context)
      if (reason !== undefined) return {changes: [], warnings: [reason]}
      const present = await presentObjects(await load(context), context)
      const changes = present.map(({type, object}): PlannedChange => ({
        action: 'delete',
        object: describeObject(type, object),
      }))
      return {changes}
    },
    async apply(context) {
      const reason = await keep(context)
      if (reason !== undefined) {
        context.progress(reason)
        return
      }
      await removeObjects(await load(context), context)
    },
    async observe(context) {
      if ((await keep(context)) !== undefined) return {done: true}
      return areGone(await load(context), context)
    },
  }
}

/** Deletes objects in waves; those of a wave at the same time. What is not there is fine. */
async function removeObjects(
  objects: readonly KubeObject[],
  context: Pick<InstallContext, 'client' | 'mapper' | 'progress'>,
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

/** Whether objects are gone; else which is held by what. */
async function areGone(
  objects: readonly KubeObject[],
  context: Pick<InstallContext, 'client' | 'mapper'>,
): Promise<Poll> {
  const [first, ...others] = await presentObjects(objects, context)
  if (first === undefined) return {done: true}
  const finalizers = first.live.metadata.finalizers ?? []
  const held = finalizers.length === 0 ? '' : `, held by ${finalizers.join(', ')}`
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  return {
    done: false,
    waitingFor: `${describeObject(first.type, first.object)}${more} to be gone${held}`,
  }
}

/** Those of `objects` that are there. */
async function presentObjects(
  objects: readonly KubeObject[],
  {client, mapper}: Pick<InstallContext, 'client' | 'mapper'>,
): Promise<{type: ResourceType; object: KubeObject; live: KubeObject}[]> {
  const present: {type: ResourceType; object: KubeObject; live: KubeObject}[] = []
  await forEachLimited(objects, CONCURRENCY, async (object) => {
    const type = object.metadata.name === undefined ? undefined : await mapper.find(object)
    if (type === undefined) return
    const live = await client.find(type, object.metadata).catch((error: unknown) => {
      if (isGone(error)) return undefined
      throw error
    })
    if (live !== undefined) present.push({type, object, live})
  })
  return present
}

/** The object is not there, or its kind is not any more. */
function isGone(error: unknown): boolean {
  return error instanceof StatusError && error.code === 404
}
