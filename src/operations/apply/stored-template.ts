import type {UnknownObject} from '../../api/meta/object.ts'
import {type Service, SERVICES} from '../../api/serving/v1.ts'
import type {ApplyOutcome} from '../../client/apply-objects.ts'
import type {Client} from '../../client/client.ts'
import {semanticEqual} from '../../util/semantic-equal.ts'
import {isJsonObject} from '../../util/json.ts'
import {isSameTemplate, withoutRevisionName} from '../service/named-template.ts'

/** A manifest to apply in the place of one that was refused for the name of its revision. */
export interface StoredTemplate {
  readonly value: UnknownObject
  /** What applying it came to, by what is stored then: who manages which field is no change. */
  outcomeOf(object: UnknownObject): ApplyOutcome
}

/**
 * The manifest of a Service with the template that is stored, where its own differs by defaults only;
 * else undefined. `probe` says what the server would store of a manifest.
 */
export async function withStoredTemplate(
  client: Client,
  value: UnknownObject,
  probe: (nameless: UnknownObject) => Promise<UnknownObject>,
): Promise<StoredTemplate | undefined> {
  const wanted = value as unknown as Service
  const stored = await client.get(SERVICES, value.metadata)
  const nameless = withoutRevisionName(wanted) as unknown as UnknownObject
  const defaulted = (await probe(nameless)) as unknown as Service
  if (!isSameTemplate(defaulted.spec.template, stored.spec.template)) return undefined
  const spec = {...wanted.spec, template: asStored(wanted.spec.template, stored.spec.template)}
  return {
    value: {...value, spec},
    outcomeOf: (object) =>
      semanticEqual(described(stored), described(object)) ? 'unchanged' : 'configured',
  }
}

/** The fields that `wanted` has, no others, so that nothing else comes to be managed; lists as stored. */
function asStored(wanted: unknown, stored: unknown): unknown {
  if (!isJsonObject(wanted) || !isJsonObject(stored)) return stored
  return Object.fromEntries(
    Object.entries(wanted).map(([field, value]) => [field, asStored(value, stored[field])]),
  )
}

function described(object: Pick<UnknownObject, 'metadata'> & {spec?: unknown}): object {
  const {labels, annotations} = object.metadata
  return {labels, annotations, spec: object.spec}
}
