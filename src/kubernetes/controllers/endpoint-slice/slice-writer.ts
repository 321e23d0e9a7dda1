import {ENDPOINT_SLICES, type EndpointSlice} from '../../../api/apps/v1.ts'
import {keyOf, type KubeObject, type OwnerReference} from '../../../api/meta/object.ts'
import {isNotFound} from '../../../api/meta/status-error.ts'
import type {Client} from '../../../client/client.ts'
import type {Informer} from '../../../controller/informer.ts'
import type {SlicePlan} from './slices.ts'
import {SERVICE_NAME_LABEL} from '../../../api/meta/well-known.ts'

/** Label: the controller that owns a slice. */
export const SLICE_MANAGED_BY = 'endpointslice.kubernetes.io/managed-by'
/** Manages the slices of pods that a Service selects. */
export const SLICE_MANAGER = 'endpointslice-controller.k8s.io'
/** Manages the slices of Endpoints that somebody writes by hand: upstream's is another controller. */
export const COPYING_MANAGER = 'endpointslicemirroring-controller.k8s.io'

const BY_SERVICE = 'sliceService'

/**
 * The slices made here, by the Service they belong to; others, that users write, are left alone.
 *
 * Remembers slices it created until the cache shows them: without that, a round in between would
 * create them again, under another generated name.
 */
export class SliceWriter {
  readonly #client: Client
  readonly #slices: Informer<EndpointSlice>
  readonly #created = new Map<string, Map<string, EndpointSlice>>()

  constructor(client: Client, slices: Informer<EndpointSlice>) {
    this.#client = client
    this.#slices = slices
    slices.addIndex(BY_SERVICE, (slice) => (isManaged(slice) ? [serviceKey(slice)] : []))
    const forget = (slice: EndpointSlice): void => {
      const service = serviceKey(slice)
      const created = this.#created.get(service)
      if (created?.delete(keyOf(slice)) && created.size === 0) this.#created.delete(service)
    }
    slices.addHandler({onSet: forget, onDelete: forget})
  }

  /** The slices of the Service `namespace/name`. */
  of(key: string): EndpointSlice[] {
    return [...this.#slices.byIndex(BY_SERVICE, key), ...(this.#created.get(key)?.values() ?? [])]
  }

  /** Carries out a plan for a Service, or for Endpoints of the same name. */
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
    for (const slice of plan.delete) await this.#delete(slice)
  }

  /** One that is gone already is fine. */
  async #delete(slice: EndpointSlice): Promise<void> {
    try {
      await this.#client.delete(ENDPOINT_SLICES, slice.metadata)
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }

  #remember(service: string, slice: EndpointSlice): void {
    if (this.#slices.get(slice.metadata.namespace, slice.metadata.name) !== undefined) return
    const created = this.#created.get(service) ?? new Map<string, EndpointSlice>()
    created.set(keyOf(slice), slice)
    this.#created.set(service, created)
  }
}

/** Whether a slice was made here. */
export function isManaged({metadata}: EndpointSlice): boolean {
  const manager = metadata.labels?.[SLICE_MANAGED_BY]
  return manager === SLICE_MANAGER || manager === COPYING_MANAGER
}

function serviceKey({metadata}: EndpointSlice): string {
  return `${metadata.namespace}/${metadata.labels?.[SERVICE_NAME_LABEL]}`
}
