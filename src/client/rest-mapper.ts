import type {KubeObject} from '../api/meta/object.ts'
import type {ResourceType} from '../api/meta/resource-type.ts'
import {StatusError} from '../api/meta/status-error.ts'
import type {Client} from './client.ts'

interface ApiResourceList {
  resources: {name: string; kind: string; namespaced: boolean}[]
}

/**
 * Finds the resource of a kind by asking the server's discovery, one request per group version.
 *
 * Answers of groups that exist are remembered; a kind that was not found is asked for again, since
 * its CRD may have been applied in between. Who asks while the same question is under way gets its
 * answer.
 *
 * Counterpart of k8s.io/apimachinery `meta.RESTMapper`.
 */
export class RestMapper {
  readonly #client: Client
  readonly #known = new Map<string, ResourceType>()
  readonly #underWay = new Map<string, Promise<void>>()

  constructor(client: Client) {
    this.#client = client
  }

  /** The resource type of an object, or undefined when the server does not serve its kind. */
  async find({
    apiVersion,
    kind,
  }: Pick<KubeObject, 'apiVersion' | 'kind'>): Promise<ResourceType | undefined> {
    const id = `${apiVersion}/${kind}`
    const known = this.#known.get(id)
    if (known !== undefined) return known
    const [group, version] = apiVersion.includes('/') ? apiVersion.split('/', 2) : ['', apiVersion]
    if (group === undefined || version === undefined) return undefined
    let learning = this.#underWay.get(apiVersion)
    if (learning === undefined) {
      learning = this.#learn(group, version).finally(() => this.#underWay.delete(apiVersion))
      this.#underWay.set(apiVersion, learning)
    }
    await learning
    return this.#known.get(id)
  }

  async #learn(group: string, version: string): Promise<void> {
    const apiVersion = group === '' ? version : `${group}/${version}`
    for (const resource of await this.#discover(group, version)) {
      if (resource.name.includes('/')) continue
      this.#known.set(`${apiVersion}/${resource.kind}`, {
        group,
        version,
        kind: resource.kind,
        plural: resource.name,
        namespaced: resource.namespaced,
      })
    }
  }

  async #discover(group: string, version: string): Promise<ApiResourceList['resources']> {
    const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
    try {
      const {body} = await this.#client.raw({method: 'GET', path})
      return body.kind === 'json' ? (body.value as ApiResourceList).resources : []
    } catch (error) {
      // A group that is not served is answered as a page that is not there, without any reason.
      if (error instanceof StatusError && error.code === 404) return []
      throw error
    }
  }
}
