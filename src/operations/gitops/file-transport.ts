/**
 * The part of a Kubernetes API that Services in files can answer, so that every operation on Services
 * works on files as on a cluster. There is nothing but Services: no revisions, no status.
 */
import {alreadyExists, failure, notFound, StatusError} from '../../api/meta/status-error.ts'
import {dns1035LabelProblems, dns1123LabelProblems} from '../../api/name-rules.ts'
import {type Service, SERVICES} from '../../api/serving/v1.ts'
import type {ApiRequest, ApiResponse, Transport} from '../../api/transport.ts'
import {toGoForm} from './go-form.ts'
import type {ServiceFiles} from './service-files.ts'

const PATH = /^\/(?:api|apis\/([^/]+))\/[^/]+(?:\/namespaces\/([^/]+))?\/([^/]+)(?:\/([^/]+))?$/

interface ServiceKey {
  readonly namespace: string
  readonly name: string
}

/** Answers requests for Services from files; everything else is not found, and lists are empty. */
export class FileTransport implements Transport {
  readonly #files: ServiceFiles

  constructor(files: ServiceFiles) {
    this.#files = files
  }

  async send(request: ApiRequest): Promise<ApiResponse> {
    try {
      return answer(200, await this.#answer(request))
    } catch (error) {
      if (error instanceof StatusError) return answer(error.code, error.status)
      throw error
    }
  }

  async #answer(request: ApiRequest): Promise<object> {
    const [, group = '', namespace, plural = '', name] = PATH.exec(request.path) ?? []
    const type = {group, plural}
    if (group !== SERVICES.group || plural !== SERVICES.plural) {
      if (request.method === 'GET' && name === undefined) return emptyList()
      throw notFound({...SERVICES, ...type}, decodeURIComponent(name ?? ''))
    }
    if (name === undefined) return this.#collection(request, namespace)
    return this.#object(request, checked({namespace: namespace ?? '', name}))
  }

  async #collection({method, query, body}: ApiRequest, namespace?: string): Promise<object> {
    if (method === 'GET') {
      const wanted = /^metadata\.name=(.*)$/.exec(String(query?.['fieldSelector'] ?? ''))?.[1]
      const services = await this.#files.readAll(namespace)
      return {
        ...emptyList(),
        items: services.filter(({metadata}) => wanted === undefined || metadata.name === wanted),
      }
    }
    if (method !== 'POST') throw notSupported(method)
    const service = body as Service
    const key = checked({namespace: namespace ?? '', name: service.metadata.name})
    if (await this.#files.exists(key)) throw alreadyExists(SERVICES, key.name)
    return this.#write(key, service, query)
  }

  async #object({method, query, body}: ApiRequest, key: ServiceKey): Promise<object> {
    const present = await this.#files.read(key)
    if (present === undefined) throw notFound(SERVICES, key.name)
    switch (method) {
      case 'GET':
        return present
      case 'PUT': {
        const written = await this.#write(key, body as Service, query)
        // Files have no generation to go by; another than before says that something was written.
        return {...written, metadata: {...written.metadata, generation: 1}}
      }
      case 'DELETE':
        if (query?.['dryRun'] === undefined) await this.#files.remove(key)
        return present
      case 'POST':
      case 'PATCH':
        throw notSupported(method)
    }
  }

  async #write(key: ServiceKey, service: Service, query: ApiRequest['query']): Promise<Service> {
    const stored = toGoForm({...service, metadata: {...service.metadata, ...key}})
    if (query?.['dryRun'] === undefined) await this.#files.write(key, stored)
    return stored
  }
}

// Names become parts of paths, so that nothing else may be in them.
function checked({namespace, name}: ServiceKey): ServiceKey {
  const key = {namespace: decodeURIComponent(namespace), name: decodeURIComponent(name)}
  const [problem] = [
    ...dns1123LabelProblems(key.namespace).map((text) => `metadata.namespace: ${text}`),
    ...dns1035LabelProblems(key.name).map((text) => `metadata.name: ${text}`),
  ]
  if (problem !== undefined) throw failure(422, 'Invalid', `invalid value: ${problem}`)
  return key
}

function emptyList(): {apiVersion: string; kind: string; metadata: object; items: unknown[]} {
  return {apiVersion: 'v1', kind: 'List', metadata: {}, items: []}
}

function notSupported(method: string): StatusError {
  return failure(405, 'MethodNotAllowed', `${method} is not possible with files`)
}

function answer(status: number, value: unknown): ApiResponse {
  return {status, headers: {}, warnings: [], body: {kind: 'json', value}}
}
