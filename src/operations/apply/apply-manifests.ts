import type {UnknownObject} from '../../api/meta/object.ts'
import {apiVersionOf, type ResourceType} from '../../api/meta/resource-type.ts'
import {isConflict, StatusError} from '../../api/meta/status-error.ts'
import {CREATOR_ANNOTATION, LAST_MODIFIER_ANNOTATION} from '../../api/serving/metadata-keys.ts'
import {type Service, SERVICES} from '../../api/serving/v1.ts'
import {type ApplyOutcome, applyWaves, serverSideApply} from '../../client/apply-objects.ts'
import type {Client} from '../../client/client.ts'
import {RestMapper} from '../../client/rest-mapper.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {type Clock, sleep} from '../../util/clock.ts'
import {explainError} from '../explain-error.ts'
import {checkFeatures} from '../service/feature-gates.ts'
import {refusedNameField} from '../service/named-template.ts'
import {explainTakenName} from '../service/taken-revision-name.ts'
import {withStoredTemplate} from './stored-template.ts'
import {type Manifest, manifestError, placeOf} from './manifest-document.ts'

/** What became of one manifest. */
export interface AppliedManifest {
  readonly type: ResourceType
  /** As the server has it now. */
  readonly object: UnknownObject
  readonly outcome: ApplyOutcome
}

/** How manifests are applied. */
export interface ApplyRequest {
  readonly manifests: readonly Manifest[]
  /** For objects that name none. */
  readonly namespace: string
  /** Takes fields away from whoever else manages them. */
  readonly force: boolean
  readonly onApplied?: (applied: AppliedManifest) => void
}

const FIELD_MANAGER = 'kntool'
/** How often a kind is looked for whose definition has just been applied. */
const DEFINITION_ATTEMPTS = 20
const DEFINITION_DELAY_MS = 250

/**
 * Applies manifests on the server's side, definitions and namespaces before what needs them.
 *
 * Nothing is written unless every manifest is of a known kind and, if there are several, passes a
 * dry run of the server; objects of kinds and namespaces that are only made on the way are left to
 * their turn. Throws `KN_USAGE` with the place for what is wrong, `KN_CONFLICT` for fields that
 * somebody else manages.
 */
export async function applyManifests(
  connection: {client: Client; clock: Clock},
  request: ApplyRequest,
): Promise<AppliedManifest[]> {
  const {manifests} = request
  const mapper = new RestMapper(connection.client)
  const made = new MadeOnTheWay(manifests)
  const checked: Manifest[] = []
  for (const manifest of manifests) {
    const type = await mapper.find(manifest.value)
    if (type === undefined && !made.definesKind(manifest.value)) throw unknownKind(manifest)
    await checkService(connection.client, manifest)
    if (type !== undefined) checked.push(withNamespace(manifest, type, request.namespace))
  }
  if (manifests.length > 1) {
    for (const manifest of checked.filter(({value}) => !made.definesNamespace(value))) {
      await applyOne(connection, mapper, manifest, {...request, dryRun: true})
    }
  }
  const applied: AppliedManifest[] = []
  const byObject = new Map(manifests.map((manifest) => [manifest.value, manifest]))
  for (const value of applyWaves([...byObject.keys()]).flat() as UnknownObject[]) {
    const manifest = byObject.get(value)
    if (manifest === undefined) continue
    const result = await applyOne(connection, mapper, manifest, request)
    request.onApplied?.(result)
    applied.push(result)
  }
  return applied
}

/** What some of the manifests make that others need. */
class MadeOnTheWay {
  readonly #kinds = new Set<string>()
  readonly #namespaces = new Set<string>()

  constructor(manifests: readonly Manifest[]) {
    for (const {value} of manifests) {
      if (value.kind === 'Namespace') this.#namespaces.add(value.metadata.name)
      if (value.kind !== 'CustomResourceDefinition') continue
      const {group, names} = (value['spec'] ?? {}) as {group?: string; names?: {kind?: string}}
      this.#kinds.add(`${group}/${names?.kind}`)
    }
  }

  definesKind({apiVersion, kind}: UnknownObject): boolean {
    return this.#kinds.has(`${apiVersion.split('/')[0]}/${kind}`)
  }

  definesNamespace({metadata}: UnknownObject): boolean {
    return metadata.namespace !== undefined && this.#namespaces.has(metadata.namespace)
  }
}

function withNamespace(manifest: Manifest, type: ResourceType, namespace: string): Manifest {
  const {value} = manifest
  if (!type.namespaced || value.metadata.namespace !== undefined) return manifest
  return {...manifest, value: {...value, metadata: {...value.metadata, namespace}}}
}

/**
 * Without what an object that was read from a server has of it: its version, who managed what, and who made
 * it. Whoever applies these owns them, and takes them away by the next manifest that has them not.
 */
function withoutServerFields(object: UnknownObject): UnknownObject {
  const {resourceVersion: _1, managedFields: _2, annotations, ...metadata} = object.metadata
  const {[CREATOR_ANNOTATION]: _3, [LAST_MODIFIER_ANNOTATION]: _4, ...others} = annotations ?? {}
  const hasAnnotations = Object.keys(others).length > 0
  return {...object, metadata: {...metadata, ...(hasAnnotations && {annotations: others})}}
}

async function applyOne(
  {client, clock}: {client: Client; clock: Clock},
  mapper: RestMapper,
  manifest: Manifest,
  options: {namespace: string; force: boolean; dryRun?: boolean},
): Promise<AppliedManifest> {
  const type = await findType(mapper, clock, manifest)
  const {value: placed} = withNamespace(manifest, type, options.namespace)
  const value = withoutServerFields(placed)
  const applyAs = (object: UnknownObject, {force, dryRun}: {force: boolean; dryRun?: boolean}) =>
    serverSideApply(client, type as ResourceType<UnknownObject>, object, {
      fieldManager: FIELD_MANAGER,
      fieldValidation: 'Strict',
      force,
      ...(dryRun && {dryRun}),
    })
  const apply = (force: boolean) =>
    applyAs(value, {force, ...(options.dryRun && {dryRun: true})}).catch(async (error: unknown) => {
      if (refusedNameField(error) === undefined) throw error
      const same = await withStoredTemplate(client, value, async (nameless) => {
        const {object} = await applyAs(nameless, {force: true, dryRun: true})
        return object
      })
      if (same === undefined) throw error
      const {object} = await applyAs(same.value, {force, ...(options.dryRun && {dryRun: true})})
      return {object, outcome: same.outcomeOf(object)}
    })
  try {
    const done = await apply(options.force).catch((error: unknown) => {
      // What other commands of this program wrote is its own to change.
      if (!isConflictWithOurselves(error)) throw error
      return apply(true)
    })
    return {type, ...done}
  } catch (error) {
    throw atPlace(error, manifest)
  }
}

// The server would say the same, but not how to enable what is missing.
async function checkService(client: Client, manifest: Manifest): Promise<void> {
  const {apiVersion, kind} = manifest.value
  if (kind !== SERVICES.kind || apiVersion !== apiVersionOf(SERVICES)) return
  const {spec} = manifest.value as unknown as Partial<Service>
  if (spec?.template?.spec === undefined) return
  try {
    await checkFeatures(client, spec.template.spec)
  } catch (error) {
    throw atPlace(error, manifest)
  }
}

async function findType(
  mapper: RestMapper,
  clock: Clock,
  manifest: Manifest,
): Promise<ResourceType> {
  for (let attempt = 0; attempt < DEFINITION_ATTEMPTS; attempt += 1) {
    const type = await mapper.find(manifest.value)
    if (type !== undefined) return type
    await sleep(clock, DEFINITION_DELAY_MS)
  }
  throw unknownKind(manifest)
}

function unknownKind(manifest: Manifest): KntoolError {
  const {apiVersion, kind} = manifest.value
  return manifestError(manifest, 'kind', `the cluster does not know ${kind} of ${apiVersion}`)
}

/** Whether every field in conflict was written by this program without applying. */
function isConflictWithOurselves(error: unknown): boolean {
  if (!isConflict(error) || !(error instanceof StatusError)) return false
  const causes = error.status.details?.causes ?? []
  const own = `conflict with "${FIELD_MANAGER}"`
  return causes.length > 0 && causes.every(({message = ''}) => message.startsWith(own))
}

function explainTaken(error: unknown, {value}: Manifest): unknown {
  const {name, namespace} = value.metadata
  const revision = (value as unknown as Partial<Service>).spec?.template?.metadata?.name
  return explainTakenName(error, {namespace, name, revision, inFile: true})
}

function atPlace(error: unknown, manifest: Manifest): KntoolError {
  const {code, message, hints, details} = explainError(explainTaken(error, manifest))
  const conflict = isConflict(error)
  return new KntoolError(code, `${placeOf(manifest)}: ${message}`, {
    hint: conflict ? ['To take the fields over: add --force-conflicts', ...hints] : hints,
    details,
    cause: error,
  })
}
