import type {KubeObject} from '../../api/meta/object.ts'
import type {ResourceType} from '../../api/meta/resource-type.ts'
import {isAlreadyExists, StatusError} from '../../api/meta/status-error.ts'
import {applyWaves, describeObject, requireType} from '../../client/apply-objects.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {sleep} from '../../util/clock.ts'
import {forEachLimited} from '../../util/for-each-limited.ts'
import type {InstallContext} from '../step.ts'
import {conflictsOf, decideConflicts, type FieldConflict} from './conflicts.ts'
import {FIELD_MANAGER} from './patient-client.ts'

type ApplyContext = Pick<
  InstallContext,
  'client' | 'mapper' | 'settings' | 'target' | 'clock' | 'signal' | 'progress'
>

/** Requests under way at once: enough to hide the way to the server, few enough not to be throttled. */
const CONCURRENCY = 16
const KIND_PATIENCE_MS = 30_000
const KIND_POLL_MS = 50

/**
 * Applies the objects of a release in waves, those of one wave at the same time.
 *
 * Repeating it changes nothing. Fields that others rightly set are kept, and that is said. Throws
 * `KN_CONFLICT` for fields that others set otherwise, `KN_INTERRUPTED` between two waves.
 */
export async function applyRelease(
  objects: readonly KubeObject[],
  context: ApplyContext,
): Promise<void> {
  context.progress(`applying ${objects.length} objects`)
  for (const wave of applyWaves(objects)) {
    if (context.signal.aborted) {
      throw new KntoolError('KN_INTERRUPTED', 'Interrupted while applying objects.', {
        hint: 'Run the same command again: it goes on where it stopped.',
      })
    }
    await forEachLimited(wave, CONCURRENCY, (object) => applyOne(object, context))
  }
}

/** Applies one object; `force` takes over every field that others set. */
export async function applyOne(
  object: KubeObject,
  context: ApplyContext,
  {force = false}: {force?: boolean} = {},
): Promise<void> {
  const type = await servedType(object, context)
  if (object.metadata.generateName !== undefined) return createGenerated(type, object, context)
  try {
    await context.client.apply(type, object, {fieldManager: FIELD_MANAGER, force})
  } catch (error) {
    const conflicts = error instanceof StatusError ? conflictsOf(error) : []
    if (conflicts.length === 0) throw named(error, type, object)
    await settleConflicts(type, object, conflicts, context)
  }
}

async function settleConflicts(
  type: ResourceType,
  object: KubeObject,
  conflicts: readonly FieldConflict[],
  context: ApplyContext,
): Promise<void> {
  const name = describeObject(type, object)
  const decision = decideConflicts(object, conflicts, {force: forces(context)})
  if (decision.action === 'fail') throw conflictError(name, decision.conflicts)
  for (const {field, manager} of decision.kept) {
    context.progress(`${name}: kept ${field} as ${manager} set it`)
  }
  for (const {field, manager} of context.target === 'embedded' ? [] : decision.takenOver) {
    context.progress(`${name}: took over ${field} from ${manager}`)
  }
  await context.client.apply(type, decision.object, {
    fieldManager: FIELD_MANAGER,
    force: decision.force,
  })
}

/** Whether fields of others are taken over; what an embedded cluster brought is nobody's decision. */
export function forces({settings, target}: Pick<ApplyContext, 'settings' | 'target'>): boolean {
  return settings.forceConflicts || target === 'embedded'
}

function conflictError(name: string, conflicts: readonly FieldConflict[]): KntoolError {
  const list = conflicts.map(({field, manager}) => `${field} (by ${manager})`).join(', ')
  return new KntoolError('KN_CONFLICT', `Somebody else set fields of ${name} otherwise: ${list}.`, {
    hint: ['See the differences: kntool install plan', 'Take the fields over: --force-conflicts'],
    details: {object: name, conflicts},
  })
}

/** Jobs of a release get a new name with every run; one that runs still is enough. */
async function createGenerated(
  type: ResourceType,
  object: KubeObject,
  {client}: ApplyContext,
): Promise<void> {
  try {
    await client.create(type, object)
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
  }
}

/** The type of an object; a definition that was just applied may take a moment to be served. */
async function servedType(
  object: KubeObject,
  {mapper, clock, signal, progress}: ApplyContext,
): Promise<ResourceType> {
  const deadlineMs = clock.now() + KIND_PATIENCE_MS
  for (;;) {
    const type = await mapper.find(object)
    if (type !== undefined) return type
    if (clock.now() >= deadlineMs || signal.aborted) return requireType(mapper, object)
    progress(`waiting for the kind ${object.kind} to be served`)
    await sleep(clock, KIND_POLL_MS, signal)
  }
}

/** The answer of the API with the object's name in front, where the API does not say it. */
function named(error: unknown, type: ResourceType, object: KubeObject): unknown {
  if (!(error instanceof StatusError) || error.message.includes(object.metadata.name)) return error
  return new StatusError({
    ...error.status,
    message: `${describeObject(type, object)}: ${error.message}`,
  })
}
