import type {KubeObject} from '../../api/meta/object.ts'
import {isControlledBy} from '../../api/meta/owner.ts'
import type {ResourceType} from '../../api/meta/resource-type.ts'
import type {KIngress} from '../../api/networking/v1alpha1.ts'
import type {Client} from '../../client/client.ts'
import type {EventRecorder} from '../../controller/event-recorder.ts'
import type {Lister} from '../../controller/informer.ts'
import {messageOf} from '../../util/message-of.ts'
import {semanticEqual} from '../../util/semantic-equal.ts'
import {quote} from '../../util/strconv.ts'

/** What {@link ensureOwned} works with. */
export interface OwnedObjectOptions<T extends KubeObject> {
  readonly client: Client
  readonly type: ResourceType<T>
  readonly lister: Lister<T>
  readonly events: EventRecorder
}

/** An object of the wanted name belongs to somebody else. */
export class NotOwnedError extends Error {
  override readonly name = 'NotOwnedError'
}

/**
 * Creates an object of a KIngress, or brings spec, labels and annotations to what is wanted.
 *
 * Counterpart of knative.dev/networking-istio `pkg/reconciler/accessor/istio`.
 *
 * @throws NotOwnedError when somebody else has one of that name.
 */
export async function ensureOwned<T extends KubeObject & {spec: unknown}>(
  ingress: KIngress,
  desired: T,
  options: OwnedObjectOptions<T>,
): Promise<void> {
  const {client, type, lister, events} = options
  const {namespace = '', name, labels = {}, annotations = {}} = desired.metadata
  const existing = lister.get(namespace, name)
  if (existing === undefined) return create(ingress, desired, options)
  if (!isControlledBy(existing, ingress)) {
    throw new NotOwnedError(
      `owner: ${ingress.metadata.name} with Type *v1alpha1.Ingress does not own ${type.kind}: ${quote(name)}`,
    )
  }
  const metadata = {...existing.metadata, labels, annotations}
  if (semanticEqual(existing.spec, desired.spec) && semanticEqual(existing.metadata, metadata)) {
    return
  }
  await client.update(type, {...existing, metadata, spec: desired.spec})
  events.normal(ingress, 'Updated', `Updated ${type.kind} ${namespace}/${name}`)
}

async function create<T extends KubeObject>(
  ingress: KIngress,
  desired: T,
  {client, type, events}: OwnedObjectOptions<T>,
): Promise<void> {
  const {namespace = '', name} = desired.metadata
  try {
    await client.create(type, desired)
  } catch (error) {
    const why = messageOf(error)
    const what = `${type.kind} ${namespace}/${name}`
    events.warning(ingress, 'CreationFailed', `Failed to create ${what}: ${why}`)
    throw new Error(`failed to create ${type.kind}: ${why}`, {cause: error})
  }
  events.normal(ingress, 'Created', `Created ${type.kind} ${quote(name)}`)
}
