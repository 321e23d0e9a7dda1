/** What applying objects would change, without changing it. */
import type {KubeObject, UnknownObject} from '../../api/meta/object.ts'
import type {ResourceType} from '../../api/meta/resource-type.ts'
import {StatusError} from '../../api/meta/status-error.ts'
import {describeObject} from '../../client/apply-objects.ts'
import {forEachLimited} from '../../util/for-each-limited.ts'
import {forces} from '../apply/apply-release.ts'
import {conflictsOf, decideConflicts, type FieldConflict} from '../apply/conflicts.ts'
import {FIELD_MANAGER} from '../apply/patient-client.ts'
import type {InstallContext, PlannedChange} from '../step.ts'
import {objectDiff, wantedDiff} from './object-diff.ts'

type PlanContext = Pick<InstallContext, 'client' | 'mapper' | 'planBy' | 'settings' | 'target'>

const CONCURRENCY = 16

/** What applying each of `objects` would change, in their order. */
export async function planObjects(
  objects: readonly KubeObject[],
  context: PlanContext,
): Promise<PlannedChange[]> {
  const changes = new Map<KubeObject, PlannedChange>()
  await forEachLimited(objects, CONCURRENCY, async (object) => {
    changes.set(object, await planObject(object, context))
  })
  return objects.flatMap((object) => changes.get(object) ?? [])
}

/** What applying an object would change; `force` as if it took over the fields of others. */
export async function planObject(
  object: KubeObject,
  context: PlanContext,
  {force = forces(context)}: {force?: boolean} = {},
): Promise<PlannedChange> {
  const type = await context.mapper.find(object)
  const {generateName, name} = object.metadata
  if (type === undefined || generateName !== undefined) {
    return {action: 'create', object: `${object.kind.toLowerCase()}/${name ?? generateName}`}
  }
  const described = describeObject(type, object)
  const live = await context.client.find(type, object.metadata)
  if (live === undefined) return {action: 'create', object: described}
  if (context.planBy === 'client') {
    return changeOf(described, wantedDiff(live as UnknownObject, object as UnknownObject))
  }
  const {after, kept, refused} = await dryRun(type, object, context, force)
  const notes = [
    ...kept.map(({field, manager}) => `keeps ${field} as ${manager} set it`),
    ...refused.map(
      ({field, manager}) => `would be refused: ${manager} set ${field} (--force-conflicts)`,
    ),
  ]
  return changeOf(
    described,
    objectDiff(live as UnknownObject, after as UnknownObject),
    notes.join('; '),
  )
}

function changeOf(object: string, diff: readonly string[], detail = ''): PlannedChange {
  return {
    action: diff.length === 0 ? 'none' : 'change',
    object,
    ...(detail !== '' && {detail}),
    ...(diff.length > 0 && {diff}),
  }
}

/** What the object would be, as the server answers it, with the decisions an installation takes. */
async function dryRun(
  type: ResourceType,
  object: KubeObject,
  {client}: PlanContext,
  force: boolean,
): Promise<{after: KubeObject; kept: readonly FieldConflict[]; refused: readonly FieldConflict[]}> {
  const send = (wanted: KubeObject, forced: boolean): Promise<KubeObject> =>
    client.apply(type, wanted, {fieldManager: FIELD_MANAGER, force: forced, dryRun: true})
  try {
    return {after: await send(object, force), kept: [], refused: []}
  } catch (error) {
    const conflicts = error instanceof StatusError ? conflictsOf(error) : []
    if (conflicts.length === 0) throw error
    const decision = decideConflicts(object, conflicts, {force})
    if (decision.action === 'fail') {
      return {after: await send(object, true), kept: [], refused: decision.conflicts}
    }
    return {after: await send(decision.object, decision.force), kept: decision.kept, refused: []}
  }
}
