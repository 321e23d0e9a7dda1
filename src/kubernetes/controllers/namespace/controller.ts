import {CONFIG_MAPS, type Namespace, NAMESPACES, SERVICE_ACCOUNTS} from '../../../api/core/v1.ts'
import type {KubeObject} from '../../../api/meta/object.ts'
import {resourcePath, type ResourceType} from '../../../api/meta/resource-type.ts'
import {isNotFound} from '../../../api/meta/status-error.ts'
import type {Client} from '../../../client/client.ts'
import type {Clock} from '../../../util/clock.ts'
import {semanticEqual} from '../../../util/semantic-equal.ts'
import {type ControllerDeps, errorSink} from '../controller-deps.ts'
import {afterSync, KeyLoop, type RunnableController} from '../../../controller/key-loop.ts'
import type {ServedTypes} from '../served-types.ts'
import {makeTerminatingConditions, type Remaining} from './conditions.ts'
import {createDefaultServiceAccount, createOnce, makeRootCa, ROOT_CA} from './defaults.ts'

const COMPONENT = 'namespace-controller'
const FINALIZER = 'kubernetes'
/**
 * How long a namespace that is being deleted rests first, so that who is at work in it sees that.
 * Counterpart of upstream's `namespaceDeletionGracePeriod`.
 */
const GRACE_MS = 5_000
/** How soon a namespace with content that is still going is looked at again. */
const RECHECK_MS = 250

/**
 * Gives every namespace its default service account and the API server's certificate, and empties
 * namespaces that are being deleted.
 *
 * Counterpart of kubernetes `pkg/controller/namespace`, `serviceaccount` and the root CA publisher.
 */
export function createNamespaceController(
  deps: ControllerDeps & {
    types: ServedTypes
    /** PEM text of the certificate that signs the API server's. */
    rootCertificate: string
  },
): RunnableController {
  const {client, clock} = deps
  const namespaces = deps.informers.of(NAMESPACES)
  const accounts = deps.informers.of(SERVICE_ACCOUNTS)
  const configMaps = deps.informers.of(CONFIG_MAPS)

  const loop: KeyLoop = new KeyLoop({
    clock,
    onError: errorSink(deps, COMPONENT),
    async sync(name) {
      const namespace = namespaces.get(undefined, name)
      if (namespace === undefined) return
      const {deletionTimestamp} = namespace.metadata
      if (deletionTimestamp !== undefined) {
        const restMs = Date.parse(deletionTimestamp) + GRACE_MS - clock.now()
        if (restMs > 0) return loop.queue.addAfter(name, restMs)
        const isEmpty = await new NamespaceDeletion(client, clock, deps.types).advance(name)
        if (!isEmpty) loop.queue.addAfter(name, RECHECK_MS)
        return
      }
      if (accounts.get(name, 'default') === undefined) {
        await createDefaultServiceAccount(client, name)
      }
      const wanted = makeRootCa(name, deps.rootCertificate)
      const current = configMaps.get(name, ROOT_CA)
      if (current === undefined) await createOnce(() => client.create(CONFIG_MAPS, wanted))
      else if (!semanticEqual(current.data, wanted.data)) {
        await client.update(CONFIG_MAPS, {...current, data: wanted.data ?? {}})
      }
    },
  })

  namespaces.addHandler({onSet: ({metadata}) => loop.queue.add(metadata.name)})
  accounts.addHandler({
    onDelete: ({metadata}) => {
      if (metadata.name === 'default') loop.queue.add(metadata.namespace ?? '')
    },
  })
  configMaps.addHandler({
    onSet: ({metadata}, before) => {
      if (before !== undefined && metadata.name === ROOT_CA) {
        loop.queue.add(metadata.namespace ?? '')
      }
    },
    onDelete: ({metadata}) => {
      if (metadata.name === ROOT_CA) loop.queue.add(metadata.namespace ?? '')
    },
  })
  return afterSync(loop, () => [accounts.synced, configMaps.synced])
}

/** Deletes what is in a namespace, then the finalizer that keeps it. */
class NamespaceDeletion {
  readonly #client: Client
  readonly #clock: Clock
  readonly #types: ServedTypes

  constructor(client: Client, clock: Clock, types: ServedTypes) {
    this.#client = client
    this.#clock = clock
    this.#types = types
  }

  /** Answers whether nothing is left to do here. */
  async advance(name: string): Promise<boolean> {
    const namespace = await this.#client.find(NAMESPACES, {name})
    if (namespace?.metadata.deletionTimestamp === undefined) return true
    if (!namespace.spec?.finalizers?.includes(FINALIZER)) return true
    await this.#deleteContent(name)
    const remaining = await this.#list(name)
    // As upstream, also when nothing is left: whoever watches learns that the content is gone.
    const current = await this.#writeStatus(namespace, remaining)
    if ([...remaining.values()].some((objects) => objects.length > 0)) return false
    await this.#finalize(current)
    return true
  }

  async #deleteContent(namespace: string): Promise<void> {
    const content = await this.#list(namespace)
    for (const [type, objects] of content) {
      for (const {metadata} of objects) {
        if (metadata.deletionTimestamp !== undefined) continue
        try {
          await this.#client.delete(type, metadata, {propagationPolicy: 'Background'})
        } catch (error) {
          if (!isNotFound(error)) throw error
        }
      }
    }
  }

  async #list(namespace: string): Promise<Remaining> {
    const remaining = new Map<ResourceType, readonly KubeObject[]>()
    for (const type of this.#types()) {
      if (!type.namespaced) continue
      try {
        const {items} = await this.#client.list(type, {namespace})
        if (items.length > 0) remaining.set(type, items)
      } catch (error) {
        // The kind went with its CustomResourceDefinition.
        if (!isNotFound(error)) throw error
      }
    }
    return remaining
  }

  async #writeStatus(namespace: Namespace, remaining: Remaining): Promise<Namespace> {
    const before = namespace.status?.conditions ?? []
    const conditions = makeTerminatingConditions(before, remaining, this.#clock.now())
    if (semanticEqual(before, conditions)) return namespace
    return this.#client.updateStatus(NAMESPACES, {
      ...namespace,
      status: {...namespace.status, phase: 'Terminating', conditions},
    })
  }

  async #finalize(namespace: Namespace): Promise<void> {
    const finalizers = (namespace.spec?.finalizers ?? []).filter((other) => other !== FINALIZER)
    try {
      await this.#client.raw({
        method: 'PUT',
        path: resourcePath(NAMESPACES, {
          name: namespace.metadata.name,
          subresource: 'finalize',
        }),
        body: {...namespace, spec: {...namespace.spec, finalizers}},
      })
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }
}
