import {CUSTOM_RESOURCE_DEFINITIONS} from '../../../api/extensions/v1.ts'
import type {KubeObject, OwnerReference} from '../../../api/meta/object.ts'
import type {ResourceType} from '../../../api/meta/resource-type.ts'
import {isConflict, isNotFound} from '../../../api/meta/status-error.ts'
import type {Client} from '../../../client/client.ts'
import type {EventRecorder} from '../../../controller/event-recorder.ts'
import {type ControllerDeps, errorSink, recorderFor} from '../controller-deps.ts'
import {afterSync, KeyLoop, type RunnableController} from '../../../controller/key-loop.ts'
import {isCollected, type ServedTypes, typeId} from '../served-types.ts'
import {decideGarbage, type OwnerState} from './decision.ts'
import {
  blocksDeletionOf,
  FOREGROUND,
  type GraphNode,
  isDeletingDependents,
  isOrphaning,
  ORPHAN,
  OwnerGraph,
} from './owner-graph.ts'

const COMPONENT = 'garbage-collector-controller'

/**
 * Deletes what nobody owns any more, and lets go of owners that wait for or release dependents.
 *
 * Follows every kind that is served, also those that CustomResourceDefinitions add later.
 *
 * Counterpart of kubernetes `pkg/controller/garbagecollector`.
 */
export function createGarbageCollector(
  deps: ControllerDeps & {types: ServedTypes},
): RunnableController {
  const graph = new OwnerGraph()
  const synced: Promise<void>[] = []
  const watched = new Map<string, ResourceType>()
  const collector = new Collector({
    client: deps.client,
    graph,
    events: recorderFor(deps, COMPONENT),
    typeOf: (reference) => findType(watched.values(), reference),
  })
  const loop = new KeyLoop({
    clock: deps.clock,
    sync: (uid) => collector.sync(uid),
    workers: 10,
    onError: errorSink(deps, COMPONENT),
  })

  const watchNewTypes = (): void => {
    for (const type of deps.types().filter(isCollected)) {
      if (watched.has(typeId(type))) continue
      watched.set(typeId(type), type)
      const informer = deps.informers.of(type)
      synced.push(informer.synced)
      informer.addHandler({
        onSet: (object) => enqueueAfterSet(graph, loop, type, object),
        onDelete: (object) => enqueueAfterDelete(graph, loop, object),
      })
    }
  }
  watchNewTypes()
  deps.informers.of(CUSTOM_RESOURCE_DEFINITIONS).addHandler({onSet: watchNewTypes})

  // An owner of a kind that is not listed yet would look gone.
  return afterSync(loop, () => synced)
}

function enqueueAfterSet(
  graph: OwnerGraph,
  loop: KeyLoop,
  type: ResourceType,
  object: KubeObject,
): void {
  const {node, before} = graph.set(type, object)
  if (isDeletingDependents(node) || isOrphaning(node)) loop.queue.add(node.uid)
  if (before?.owners === node.owners) return
  const known = new Set((before?.owners ?? []).map(({uid}) => uid))
  const needsLook = node.owners.some(({uid}) => {
    if (known.has(uid)) return false
    const owner = graph.get(uid)
    return owner === undefined || isDeletingDependents(owner)
  })
  if (needsLook) loop.queue.add(node.uid)
  // An owner may have waited for exactly this reference to go.
  for (const {uid} of before?.owners ?? []) enqueueIfWaiting(graph, loop, uid)
}

function enqueueAfterDelete(graph: OwnerGraph, loop: KeyLoop, object: KubeObject): void {
  const node = graph.delete(object.metadata.uid ?? '')
  if (node === undefined) return
  for (const dependent of graph.dependentsOf(node.uid)) loop.queue.add(dependent.uid)
  for (const {uid} of node.owners) enqueueIfWaiting(graph, loop, uid)
}

function enqueueIfWaiting(graph: OwnerGraph, loop: KeyLoop, uid: string): void {
  const owner = graph.get(uid)
  if (owner !== undefined && isDeletingDependents(owner)) loop.queue.add(uid)
}

class Collector {
  readonly #client: Client
  readonly #graph: OwnerGraph
  readonly #events: EventRecorder
  readonly #typeOf: (reference: OwnerReference) => ResourceType | undefined

  constructor(options: {
    client: Client
    graph: OwnerGraph
    events: EventRecorder
    typeOf: (reference: OwnerReference) => ResourceType | undefined
  }) {
    this.#client = options.client
    this.#graph = options.graph
    this.#events = options.events
    this.#typeOf = options.typeOf
  }

  async sync(uid: string): Promise<void> {
    const node = this.#graph.get(uid)
    if (node === undefined) return
    if (isDeletingDependents(node)) await this.#deleteDependents(node)
    else if (isOrphaning(node)) await this.#orphanDependents(node)
    else if (!node.isDeleting) await this.#collect(node)
  }

  async #collect(node: GraphNode): Promise<void> {
    const states = new Map<OwnerReference, OwnerState>()
    for (const owner of node.owners) states.set(owner, await this.#stateOf(node, owner))
    const dependents = this.#graph.dependentsOf(node.uid)
    const decision = decideGarbage(node, states, dependents.length > 0)
    switch (decision.action) {
      case 'keep':
        return
      case 'release':
        await this.#removeOwners(
          node,
          decision.owners.map(({uid}) => uid),
        )
        return
      case 'delete':
        // Two objects that wait for each other would wait for ever.
        if (decision.policy === 'Foreground' && dependents.some(isDeletingDependents)) {
          await this.#stopBlocking(node)
        }
        await this.#delete(node, decision.policy)
    }
  }

  async #stateOf(node: GraphNode, reference: OwnerReference): Promise<OwnerState> {
    const owner = this.#graph.get(reference.uid)
    if (owner !== undefined) return isDeletingDependents(owner) ? 'waiting' : 'solid'
    const type = this.#typeOf(reference)
    if (type === undefined) {
      throw new Error(`the owner of ${node.name} is of a kind nobody serves: ${reference.kind}`)
    }
    if (type.namespaced && node.namespace === undefined) {
      this.#events.warning(
        objectOf(node),
        'OwnerRefInvalidNamespace',
        `ownerRef [${reference.apiVersion}/${reference.kind}, namespace: , name: ` +
          `${reference.name}, uid: ${reference.uid}] does not exist in namespace ""`,
      )
      return 'solid'
    }
    // The cache of that kind may be behind: only the server knows that an owner is gone.
    const live = await this.#client.find(type, {
      name: reference.name,
      ...(type.namespaced && {namespace: node.namespace}),
    })
    return live?.metadata.uid === reference.uid ? 'solid' : 'dangling'
  }

  /** An owner with foreground deletion goes when no dependent blocks it any more. */
  async #deleteDependents(owner: GraphNode): Promise<void> {
    const dependents = this.#graph.dependentsOf(owner.uid)
    if (!dependents.some((dependent) => blocksDeletionOf(dependent, owner.uid))) {
      await this.#removeFinalizer(owner, FOREGROUND)
      return
    }
    for (const dependent of dependents) {
      if (!dependent.isDeleting) await this.#collect(dependent)
    }
  }

  async #orphanDependents(owner: GraphNode): Promise<void> {
    for (const dependent of this.#graph.dependentsOf(owner.uid)) {
      await this.#removeOwners(dependent, [owner.uid])
    }
    await this.#removeFinalizer(owner, ORPHAN)
  }

  async #delete(node: GraphNode, policy: 'Background' | 'Foreground' | 'Orphan'): Promise<void> {
    try {
      await this.#client.delete(node.type, node, {
        propagationPolicy: policy,
        preconditions: {uid: node.uid},
      })
    } catch (error) {
      // Another object has the name by now: ours is gone.
      if (!isNotFound(error) && !isConflict(error)) throw error
    }
  }

  async #removeOwners(node: GraphNode, uids: readonly string[]): Promise<void> {
    await this.#rewrite(node, (live) => {
      const before = live.metadata.ownerReferences ?? []
      const after = before.filter(({uid}) => !uids.includes(uid))
      return after.length === before.length ? undefined : {ownerReferences: after}
    })
  }

  async #stopBlocking(node: GraphNode): Promise<void> {
    await this.#rewrite(node, (live) => ({
      ownerReferences: (live.metadata.ownerReferences ?? []).map((reference) => ({
        ...reference,
        blockOwnerDeletion: false,
      })),
    }))
  }

  async #removeFinalizer(node: GraphNode, finalizer: string): Promise<void> {
    await this.#rewrite(node, (live) => {
      const before = live.metadata.finalizers ?? []
      const after = before.filter((other) => other !== finalizer)
      return after.length === before.length ? undefined : {finalizers: after}
    })
  }

  /** Changes the metadata of the object as it is now; a conflict is tried again by the queue. */
  async #rewrite(
    node: GraphNode,
    change: (live: KubeObject) => Record<string, unknown> | undefined,
  ): Promise<void> {
    const live = await this.#client.find(node.type, node)
    if (live === undefined || live.metadata.uid !== node.uid) return
    const metadata = change(live)
    if (metadata === undefined) return
    try {
      await this.#client.patch(node.type, node, {
        type: 'merge',
        body: {metadata: {...metadata, resourceVersion: live.metadata.resourceVersion}},
      })
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }
}

function findType(
  types: Iterable<ResourceType>,
  {apiVersion, kind}: OwnerReference,
): ResourceType | undefined {
  const slash = apiVersion.indexOf('/')
  const group = slash < 0 ? '' : apiVersion.slice(0, slash)
  for (const type of types) if (type.group === group && type.kind === kind) return type
  return undefined
}

/** Enough of the object to write an event about it. */
function objectOf(node: GraphNode): KubeObject {
  const {type, uid, name, namespace} = node
  return {
    apiVersion: type.group === '' ? type.version : `${type.group}/${type.version}`,
    kind: type.kind,
    metadata: {name, uid, ...(namespace !== undefined && {namespace})},
  }
}
