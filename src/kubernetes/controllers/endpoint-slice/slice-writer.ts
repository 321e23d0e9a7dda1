import {ENDPOINT_SLICES, type EndpointSlice} from '../../../api/apps/v1.ts'
import {keyOf, type KubeObject, type OwnerReference} from '../../../api/meta/object.ts'
import {isNotFound} from '../../../api/meta/status-error.ts'
import type {Client} from '../../../client/client.ts'
import type {Informer} from '../../../controller/informer.ts'
import type {SlicePlan} from './slices.ts'

/** Label: the Service (or Endpoints) a slice belongs to. */
export const SERVICE_NAME = 'kubernetes.io/service-name'
/** Label: the controller that owns a slice. */
export const SLICE_MANAGED_BY = 'endpointslice.kubernetes.io/managed-by'

const BY_OWNER = 'sliceOwner'

/**
 * The slices one controller manages, by the object they belong to.
 *
 * Remembers slices it created until the cache shows them: without that, a round in between would
 * create them again, under another generated name.
 */
export class SliceWriter {
  readonly #client: Client
  readonly #slices: Informer<EndpointSlice>
  readonly #manager: string
  readonly #created = new Map<string, Map<string, EndpointSlice>>()

  constructor(client: Client, slices: Informer<EndpointSlice>, manager: string) {
    this.#client = client
    this.#slices = slices
    this.#manager = manager
    slices.addIndex(BY_OWNER, ({metadata}) => [
      `${metadata.labels?.[SLICE_MANAGED_BY]}/${metadata.namespace}/${metadata.labels?.[SERVICE_NAME]}`,
    ])
    const forget = (slice: EndpointSlice): void => {
      const owner = ownerKey(slice)
      const created = this.#created.get(owner)
      if (created?.delete(keyOf(slice)) && created.size === 0) this.#created.delete(owner)
    }
    slices.addHandler({onSet: forget, onDelete: forget})
  }

  /** The slices of `namespace/name` that this controller manages. */
  of(key: string): EndpointSlice[] {
    return [
      ...this.#slices.byIndex(BY_OWNER, `${this.#manager}/${key}`),
      ...(this.#created.get(key)?.values() ?? []),
    ]
  }

  /** Carries out a plan for the object `owner`. */
  async write(
    owner: KubeObject,
    reference: OwnerReference,
    plan: SlicePlan,
    metadata: Pick<EndpointSlice['metadata'], 'labels' | 'annotations'>,
  ): Promise<void> {
    const {name, namespace} = owner.metadata
    for (const content of plan.create) {
      const slice = await this.#client.create(ENDPOINT_SLICES, {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: {
          name: '',
          generateName: `${name}-`,
          ...(namespace !== undefined && {namespace}),
          ...metadata,
          ownerReferences: [reference],
        },
        addressType: 'IPv4',
        ...content,
      })
      this.#remember(keyOf(owner), slice)
    }
    for (const slice of plan.update) await this.#client.update(ENDPOINT_SLICES, slice)
    for (const slice of plan.delete) await this.delete(slice)
  }

  /** Deletes a slice; one that is gone already is fine. */
  async delete(slice: EndpointSlice): Promise<void> {
    try {
      await this.#client.delete(ENDPOINT_SLICES, slice.metadata)
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }

  #remember(owner: string, slice: EndpointSlice): void {
    if (this.#slices.get(slice.metadata.namespace, slice.metadata.name) !== undefined) return
    const created = this.#created.get(owner) ?? new Map<string, EndpointSlice>()
    created.set(keyOf(slice), slice)
    this.#created.set(owner, created)
  }
}

function ownerKey({metadata}: EndpointSlice): string {
  return `${metadata.namespace}/${metadata.labels?.[SERVICE_NAME]}`
}
