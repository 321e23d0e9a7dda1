import type {KubeObject} from '../../api/meta/object.ts'
import type {ResourceType} from '../../api/meta/resource-type.ts'
import {isAlreadyExists} from '../../api/meta/status-error.ts'
import type {Client} from '../../client/client.ts'

/** What {@link createChild} gives: the stored object, and whether this call made it. */
export interface CreatedChild<T> {
  readonly object: T
  readonly created: boolean
}

/**
 * Creates an object that the cache does not have.
 *
 * Where it exists all the same, the cache is behind our own write of a moment ago: then the answer is
 * what is stored. Whose it is, is for the caller to check.
 */
export async function createChild<T extends KubeObject>(
  client: Client,
  type: ResourceType<T>,
  child: T,
): Promise<CreatedChild<T>> {
  try {
    return {object: await client.create(type, child), created: true}
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
    // Read live: the cache has just proved to be behind.
    return {object: await client.get(type, child.metadata), created: false}
  }
}
