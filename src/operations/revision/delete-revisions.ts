import {REVISIONS, SERVICES} from '../../api/serving/v1.ts'
import type {Client} from '../../client/client.ts'
import type {Clock} from '../../util/clock.ts'
import {deleteObjects, type DeleteRequest} from '../delete-objects.ts'
import {routesTo, stillRouted} from './routed-revisions.ts'

/** Which revisions to delete, and how. */
export type DeleteRevisionsRequest = Pick<
  DeleteRequest<never>,
  'namespace' | 'names' | 'waitMs' | 'onDeleted'
> & {
  /** Also revisions that get requests. */
  readonly force: boolean
}

/** Deletes revisions; goes on after a failure. Resolves with the failures. */
export async function deleteRevisions(
  connection: {client: Client; clock: Clock},
  {force, ...request}: DeleteRevisionsRequest,
): Promise<unknown[]> {
  const routes = force ? () => [] : await routesTo(connection.client, request.namespace)
  const routed = request.names.filter((name) => routes(name).length > 0)
  const names = request.names.filter((name) => !routed.includes(name))
  const failures = await deleteObjects(connection, {type: REVISIONS, ...request, names})
  const {namespace} = request
  const refusals = routed.map(async (name) => {
    const uses = routes(name)
    const found = await Promise.all(
      uses.map(({route}) => connection.client.find(SERVICES, {namespace, name: route})),
    )
    const services = found.filter((service) => service !== undefined)
    return stillRouted(name, uses, {namespace, services})
  })
  return [...(await Promise.all(refusals)), ...failures]
}
