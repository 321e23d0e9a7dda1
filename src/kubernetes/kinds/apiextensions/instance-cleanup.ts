import type {KubeObject} from '../../../api/meta/object.ts'
import type {Stored} from '../../storage/storage.ts'
import {asJson, cloneJson, objectAt, stringAt} from '../../apiserver/json-value.ts'
import type {ResourceType} from '../../../api/meta/resource-type.ts'
import {timestamp} from '../../apiserver/timestamp.ts'
import {serveDefinition, withdrawDefinition, type DefinitionServer} from './serving.ts'
import {DEFINITIONS_PREFIX} from './stored-definitions.ts'
import {reconsiderNames} from './names.ts'
import {CLEANUP_FINALIZER, setTerminating} from './terminating.ts'

/**
 * Deletes the objects of a definition that is being deleted, and lets the definition go when none
 * of them has finalizers. Does nothing for any other definition.
 *
 * Counterpart of k8s.io/apiextensions-apiserver `pkg/controller/finalizer`, within the write that
 * deletes the definition: nobody sees half of it.
 */
export function cleanUpInstances(server: DefinitionServer, definition: KubeObject): void {
  if (!awaitsCleanup(definition)) return
  const {storage, clock} = server
  const deletionTimestamp = timestamp(clock.now())
  for (const stored of storage.list(instancesOf(definition)).items) {
    const {metadata} = stored.object
    if ((metadata.finalizers ?? []).length === 0) storage.delete(stored.key, stored.storeRevision)
    else if (metadata.deletionTimestamp === undefined) {
      const marked = {...metadata, deletionTimestamp, deletionGracePeriodSeconds: 0}
      storage.update(stored.key, {...stored.object, metadata: marked}, stored.storeRevision)
    }
  }
  const current = storage.get(DEFINITIONS_PREFIX + definition.metadata.name)
  if (current === undefined || release(server, current)) return
  write(server, current, withTerminating(current.object, 'inProgress', clock.now()))
}

/** Lets the definition of a custom resource go, if that is being deleted and nothing is left. */
export function releaseDefinitionOf(server: DefinitionServer, type: ResourceType): void {
  const current = server.registry.find(type.group, type.version, type.plural)
  if (current?.isTerminating !== true) return
  const stored = server.storage.get(`${DEFINITIONS_PREFIX}${type.plural}.${type.group}`)
  if (stored !== undefined && awaitsCleanup(stored.object)) release(server, stored)
}

/** Takes the finalizer out, unless an object is left; answers whether none is. */
function release(server: DefinitionServer, stored: Stored): boolean {
  const {storage, clock} = server
  if (storage.list(instancesOf(stored.object), {limit: 1}).items.length > 0) return false
  const finalizers = stored.object.metadata.finalizers?.filter((each) => each !== CLEANUP_FINALIZER)
  if (finalizers === undefined || finalizers.length === 0) {
    const {object} = storage.delete(stored.key, stored.storeRevision)
    withdrawDefinition(server, object)
    reconsiderNames(server, object)
    return true
  }
  const rest = withTerminating(stored.object, 'completed', clock.now())
  write(server, stored, {...rest, metadata: {...rest.metadata, finalizers}})
  return true
}

function write(server: DefinitionServer, stored: Stored, wanted: KubeObject): void {
  const {object} = server.storage.update(stored.key, wanted, stored.storeRevision)
  serveDefinition(server, object)
}

function awaitsCleanup({metadata}: KubeObject): boolean {
  return (
    metadata.deletionTimestamp !== undefined &&
    metadata.finalizers?.includes(CLEANUP_FINALIZER) === true
  )
}

function instancesOf(definition: KubeObject): string {
  const spec = objectAt(asJson(definition), 'spec')
  return `/${stringAt(spec, 'group')}/${stringAt(objectAt(spec, 'names'), 'plural')}/`
}

function withTerminating(
  definition: KubeObject,
  step: 'inProgress' | 'completed',
  nowMs: number,
): KubeObject {
  const copy = cloneJson(asJson(definition))
  setTerminating(copy, step, nowMs)
  return copy as unknown as KubeObject
}
