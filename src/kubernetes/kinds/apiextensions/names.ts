import type {KubeObject} from '../../../api/meta/object.ts'
import type {Storage} from '../../storage/storage.ts'
import {
  asJson,
  cloneJson,
  ensureObject,
  jsonEqual,
  objectAt,
  objectsAt,
  stringAt,
  stringsAt,
  type JsonObject,
} from '../../apiserver/json-value.ts'
import {timestamp} from '../../apiserver/timestamp.ts'
import {serveDefinition, type DefinitionServer} from './serving.ts'
import {DEFINITIONS_PREFIX, isEstablished} from './stored-definitions.ts'

/** What the definitions of one group hold: a resource name is never taken for a kind. */
interface TakenNames {
  readonly resources: ReadonlySet<string>
  readonly kinds: ReadonlySet<string>
}

/**
 * Says in the status of a definition, in place, which of the names it asks for are its own now, and
 * whether its kind is served: once all its names have been accepted, and from then on for good, under
 * the names it got. A name belongs to the definition that asked first.
 *
 * Counterpart of k8s.io/apiextensions-apiserver `pkg/controller/status` NamingConditionController
 * and of `pkg/controller/establish`.
 */
export function settleNames(definition: JsonObject, storage: Storage, nowMs: number): void {
  const spec = objectAt(definition, 'spec')
  const status = ensureObject(definition, 'status')
  const wanted = objectAt(spec, 'names')
  const {names, conflict} = claimNames(
    wanted,
    objectAt(status, 'acceptedNames'),
    takenNames(definitionsOf(storage, stringAt(spec, 'group'))),
  )
  status['acceptedNames'] = names
  setCondition(
    status,
    conflict === undefined
      ? {
          type: 'NamesAccepted',
          status: 'True',
          reason: 'NoConflicts',
          message: 'no conflicts found',
        }
      : {type: 'NamesAccepted', status: 'False', ...conflict},
    nowMs,
  )
  if (isEstablished(definition)) return
  setCondition(
    status,
    conflict === undefined
      ? {
          type: 'Established',
          status: 'True',
          reason: 'InitialNamesAccepted',
          message: 'the initial names have been accepted',
        }
      : {
          type: 'Established',
          status: 'False',
          reason: 'NotAccepted',
          message: 'not all names are accepted',
        },
    nowMs,
  )
}

/** Gives names that a changed or deleted definition left to those of its group that wait for them. */
export function reconsiderNames(server: DefinitionServer, changed: KubeObject): void {
  const {storage, clock} = server
  for (const {metadata} of definitionsOf(storage, groupOf(changed))) {
    // Read again: the round before may have changed it.
    const stored = storage.get(DEFINITIONS_PREFIX + metadata.name)
    if (stored === undefined || metadata.name === changed.metadata.name) continue
    const copy = cloneJson(asJson(stored.object))
    settleNames(copy, storage, clock.now())
    if (jsonEqual(copy, asJson(stored.object))) continue
    const wanted = copy as unknown as KubeObject
    const {object} = storage.update(stored.key, wanted, stored.storeRevision)
    serveDefinition(server, object)
    reconsiderNames(server, object)
  }
}

interface NameConflict {
  readonly reason: string
  readonly message: string
}

/** The names a definition has from now on, and the last conflict, which is the one upstream tells. */
function claimNames(
  wanted: JsonObject,
  accepted: JsonObject,
  taken: TakenNames,
): {names: JsonObject; conflict: NameConflict | undefined} {
  let conflict: NameConflict | undefined
  const single = (field: string, reason: string, names: ReadonlySet<string>): string => {
    const name = stringAt(wanted, field)
    const before = stringAt(accepted, field)
    if (name === before || !names.has(name)) return name
    conflict = {reason, message: inUse(name)}
    return before
  }
  const plural = single('plural', 'PluralConflict', taken.resources)
  const singular = single('singular', 'SingularConflict', taken.resources)
  const refused = refusedShortNames(wanted, accepted, taken.resources).map(inUse)
  if (refused.length > 0) {
    const message = refused.length === 1 ? refused.join('') : `[${refused.join(', ')}]`
    conflict = {reason: 'ShortNamesConflict', message}
  }
  const shortNames = (refused.length > 0 ? accepted : wanted)['shortNames']
  const kind = single('kind', 'KindConflict', taken.kinds)
  const listKind = single('listKind', 'ListKindConflict', taken.kinds)
  const {categories} = wanted
  const names = {
    plural,
    ...(singular !== '' && {singular}),
    ...(shortNames !== undefined && {shortNames}),
    kind,
    ...(listKind !== '' && {listKind}),
    ...(categories !== undefined && {categories}),
  }
  return {names: cloneJson(names), conflict}
}

function refusedShortNames(
  wanted: JsonObject,
  accepted: JsonObject,
  taken: ReadonlySet<string>,
): string[] {
  const own = [
    ...stringsAt(accepted, 'shortNames'),
    stringAt(accepted, 'plural'),
    stringAt(accepted, 'singular'),
  ]
  return [...new Set(stringsAt(wanted, 'shortNames'))].filter(
    (name) => !own.includes(name) && taken.has(name),
  )
}

function inUse(name: string): string {
  return `${JSON.stringify(name)} is already in use`
}

function takenNames(definitions: readonly KubeObject[]): TakenNames {
  const all = definitions.map((each) => objectAt(objectAt(asJson(each), 'status'), 'acceptedNames'))
  return {
    resources: new Set(
      all.flatMap((names) => [
        stringAt(names, 'plural'),
        stringAt(names, 'singular'),
        ...stringsAt(names, 'shortNames'),
      ]),
    ),
    kinds: new Set(all.flatMap((names) => [stringAt(names, 'kind'), stringAt(names, 'listKind')])),
  }
}

function definitionsOf(storage: Storage, group: string): KubeObject[] {
  return storage
    .list(DEFINITIONS_PREFIX)
    .items.map(({object}) => object)
    .filter((object) => groupOf(object) === group)
}

function groupOf(definition: KubeObject): string {
  return stringAt(objectAt(asJson(definition), 'spec'), 'group')
}

/** Puts a condition in the place of the one of its type; its time changes with its status only. */
function setCondition(
  status: JsonObject,
  condition: NameConflict & {type: string; status: string},
  nowMs: number,
): void {
  const conditions = objectsAt(status, 'conditions')
  const before = conditions.find(({type}) => type === condition.type)
  const {type, status: value, reason, message} = condition
  const lastTransitionTime =
    before?.['status'] === value ? before['lastTransitionTime'] : timestamp(nowMs)
  const next = {type, status: value, lastTransitionTime, reason, message}
  status['conditions'] =
    before === undefined
      ? [...conditions, next]
      : conditions.map((each) => (each === before ? next : each))
}
