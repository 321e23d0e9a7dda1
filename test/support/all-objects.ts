/** Everything a cluster holds, for comparing two of them. */
import type {UnknownObject} from '../../src/api/meta/object.ts'
import type {Client} from '../../src/client/client.ts'
import {isJsonObject} from '../../src/util/json.ts'
import {discover} from './write-counter.ts'

/** What differs from one run to the next without meaning anything. */
const PER_RUN = new Set([
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'generation',
  'observedGeneration',
  'time',
  'lastTransitionTime',
  'lastUpdateTime',
  'clusterIP',
  'clusterIPs',
  'nodePort',
  'healthCheckNodePort',
])

/**
 * Every object but Events as `kind namespace/name` with its text, managed fields included; what
 * differs from one run to the next is left out.
 */
export async function allObjects(client: Client): Promise<Record<string, string>> {
  const types = (await discover(client)).filter(({kind}) => kind !== 'Event')
  const lists = await Promise.all(types.map((type) => client.list(type)))
  const entries = lists.flatMap(({items}, index) =>
    items.map((object) => {
      const {namespace = '', name} = object.metadata
      const place = `${types[index]?.kind} ${namespace}/${name}`
      return [place, JSON.stringify(normalise(object as UnknownObject), undefined, 1)] as const
    }),
  )
  return Object.fromEntries(entries.toSorted(([left], [right]) => (left < right ? -1 : 1)))
}

function normalise(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normalise)
  if (!isJsonObject(value)) return plainText(value)
  const kept = Object.keys(value)
    .filter((key) => !PER_RUN.has(key))
    .toSorted()
  return Object.fromEntries(kept.map((key) => [key, normalise(value[key])]))
}

// The note that kntool keeps in the cluster has times in a text.
function plainText(value: unknown): unknown {
  return typeof value === 'string'
    ? value.replaceAll(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z/g, 'TIME')
    : value
}
