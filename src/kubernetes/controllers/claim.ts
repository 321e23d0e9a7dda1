import type {LabelSelector} from '../../api/apps/v1.ts'
import {matchesSelector} from '../../api/meta/label-selector.ts'
import {keyOf, type KubeObject} from '../../api/meta/object.ts'
import {controllerOf, controllerReference} from '../../api/meta/owner.ts'
import type {ResourceType} from '../../api/meta/resource-type.ts'
import {isNotFound} from '../../api/meta/status-error.ts'
import type {Client} from '../../client/client.ts'
import type {Informer} from '../../controller/informer.ts'
import {candidates, indexByLabels, labelKey, selectorKey} from './label-index.ts'
import {OWNER_UID} from './owner-index.ts'

const BY_SELECTOR = 'selector'

/** A kind that owns objects by a selector. */
export interface SelectingOwner extends KubeObject {
  readonly spec: {readonly selector: LabelSelector}
}

/**
 * Which objects belong to an owner that has a selector: an object it controls is let go when its
 * labels no longer match; one that matches and belongs to nobody is taken in.
 *
 * Counterpart of kubernetes `controller.ControllerRefManager`.
 */
export class Claims<O extends SelectingOwner, C extends KubeObject> {
  readonly #client: Client
  readonly #owners: Informer<O>
  readonly #children: Informer<C>

  /** Both informers get the indexes this needs. */
  constructor(client: Client, owners: Informer<O>, children: Informer<C>) {
    this.#client = client
    this.#owners = owners
    this.#children = children
    indexByLabels(children)
    owners.addIndex(BY_SELECTOR, ({metadata, spec}) => {
      const key = selectorKey(metadata.namespace, spec.selector.matchLabels)
      return key === undefined ? [] : [key]
    })
  }

  /** The objects that belong to `owner`; what changed hands was written. */
  async claim(owner: O): Promise<C[]> {
    const {selector} = owner.spec
    const owned = this.#children.byIndex(OWNER_UID, owner.metadata.uid ?? '')
    const kept = owned.filter(({metadata}) => matchesSelector(metadata.labels, selector))
    if (kept.length < owned.length) {
      for (const child of owned) if (!kept.includes(child)) await this.#release(owner, child)
    }
    for (const orphan of this.#orphansOf(owner)) {
      const adopted = await this.#adopt(owner, orphan)
      if (adopted !== undefined) kept.push(adopted)
    }
    return kept
  }

  /** Keys of the owners that want an object which belongs to nobody. */
  claimants(child: C): string[] {
    if (controllerOf(child) !== undefined) return []
    const {labels, namespace} = child.metadata
    return Object.entries(labels ?? {}).flatMap(([name, value]) =>
      this.#owners
        .byIndex(BY_SELECTOR, labelKey(namespace, name, value))
        .filter((owner) => matchesSelector(labels, owner.spec.selector))
        .map(keyOf),
    )
  }

  #orphansOf({metadata, spec}: O): C[] {
    // Nobody is adopted by an owner that is going.
    if (metadata.deletionTimestamp !== undefined) return []
    return candidates(this.#children, metadata.namespace, spec.selector.matchLabels).filter(
      (child) =>
        controllerOf(child) === undefined &&
        child.metadata.deletionTimestamp === undefined &&
        matchesSelector(child.metadata.labels, spec.selector),
    )
  }

  #adopt(owner: O, child: C): Promise<C | undefined> {
    const references = child.metadata.ownerReferences ?? []
    return this.#writeOwners(child, [
      ...references,
      controllerReference(owner, this.#owners.type as ResourceType),
    ])
  }

  async #release(owner: O, child: C): Promise<void> {
    const references = child.metadata.ownerReferences ?? []
    await this.#writeOwners(
      child,
      references.filter(({uid}) => uid !== owner.metadata.uid),
    )
  }

  async #writeOwners(
    child: C,
    ownerReferences: KubeObject['metadata']['ownerReferences'],
  ): Promise<C | undefined> {
    const {uid, resourceVersion} = child.metadata
    try {
      return await this.#client.patch(this.#children.type, child.metadata, {
        type: 'merge',
        body: {metadata: {uid, resourceVersion, ownerReferences}},
      })
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  }
}
