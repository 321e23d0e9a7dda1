import {type Service, SERVICES} from '../../api/serving/v1.ts'
import type {Client} from '../../client/client.ts'
import {compareText} from '../../util/go/compare.ts'

/** Services by namespace and name; without a namespace, those of all. */
export async function listServices(
  client: Client,
  filter: {namespace?: string | undefined; name?: string | undefined},
): Promise<Service[]> {
  const {items} = await client.list(SERVICES, {
    namespace: filter.namespace,
    fieldSelector: filter.name === undefined ? undefined : `metadata.name=${filter.name}`,
  })
  return items.toSorted(
    (left, right) =>
      compareText(left.metadata.namespace ?? '', right.metadata.namespace ?? '') ||
      compareText(left.metadata.name, right.metadata.name),
  )
}
