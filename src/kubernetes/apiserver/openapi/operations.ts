import type {ServedResource, Verb} from '../request-context.ts'
import {builtinName, listName, objectName, PATCH} from './names.ts'

/** What the operations of a document refer to. */
export type Reference = (name: string) => Record<string, unknown>

type Operation = Record<string, unknown>

interface Parameter {
  readonly name: string
  readonly in: 'query' | 'path'
  readonly description: string
  readonly required?: true
  readonly schema: {readonly type: string; readonly uniqueItems: true}
}

function parameter(
  name: string,
  type: 'string' | 'integer' | 'boolean',
  description: string,
  where: 'query' | 'path' = 'query',
): Parameter {
  return {
    name,
    in: where,
    description,
    ...(where === 'path' && {required: true}),
    schema: {type, uniqueItems: true},
  }
}

const PRETTY = parameter('pretty', 'string', 'If true, the answer is indented.')
const DRY_RUN = parameter('dryRun', 'string', 'All: checks and answers as if, but stores nothing.')
const WRITE = [
  DRY_RUN,
  parameter('fieldManager', 'string', 'Who owns the fields that are written.'),
  parameter('fieldValidation', 'string', 'Unknown and doubled fields: Ignore, Warn or Strict.'),
]
const FORCE = parameter('force', 'boolean', 'Takes fields over from other managers (apply only).')
const LIST = [
  parameter('allowWatchBookmarks', 'boolean', 'Lets a watch send bookmarks.'),
  parameter('continue', 'string', 'The token of the page before.'),
  parameter('fieldSelector', 'string', 'Selects by fields.'),
  parameter('labelSelector', 'string', 'Selects by labels.'),
  parameter('limit', 'integer', 'The largest number of objects in an answer.'),
  parameter('resourceVersion', 'string', 'The version to read or to watch from.'),
  parameter('resourceVersionMatch', 'string', 'How resourceVersion is meant.'),
  parameter('sendInitialEvents', 'boolean', 'Begins a watch with what is there.'),
  parameter('timeoutSeconds', 'integer', 'Ends a watch after this time.'),
  parameter('watch', 'boolean', 'Streams changes instead of answering a list.'),
]
const DELETE = [
  DRY_RUN,
  parameter('gracePeriodSeconds', 'integer', 'The time an object gets to end.'),
  parameter('orphanDependents', 'boolean', 'Deprecated: use propagationPolicy.'),
  parameter('propagationPolicy', 'string', 'Dependents: Background, Foreground or Orphan.'),
]

/** The paths of a kind with their operations, for an OpenAPI v3 document. */
export function resourcePaths(
  resource: ServedResource,
  reference: Reference,
): Record<string, Operation> {
  const {type} = resource
  const root = type.group === '' ? `/api/${type.version}` : `/apis/${resource.apiVersion}`
  const scope = type.namespaced ? '/namespaces/{namespace}' : ''
  const collection = `${root}${scope}/${type.plural}`
  const scopeParameters = type.namespaced
    ? [parameter('namespace', 'string', 'The namespace of the object.', 'path')]
    : []
  const paths: Record<string, Operation> = {}
  const maker = new OperationMaker(resource, reference)
  paths[collection] = {
    ...maker.operations(['list', 'create', 'deletecollection'], resource.verbs),
    parameters: [...scopeParameters, PRETTY],
  }
  if (resource.verbs.includes('get')) {
    const name = parameter('name', 'string', `name of the ${type.kind}`, 'path')
    const parameters = [name, ...scopeParameters, PRETTY]
    paths[`${collection}/{name}`] = {
      ...maker.operations(['get', 'update', 'delete', 'patch'], resource.verbs),
      parameters,
    }
    for (const part of resource.subresources.values()) {
      const partMaker = new OperationMaker(resource, reference, part)
      paths[`${collection}/{name}/${part.name}`] = {
        ...partMaker.operations(['get', 'create', 'update', 'delete', 'patch'], part.verbs),
        parameters,
      }
    }
  }
  if (type.namespaced && resource.verbs.includes('list')) {
    paths[`${root}/${type.plural}`] = {
      get: maker.operation('list', 'ForAllNamespaces'),
      parameters: [...LIST, PRETTY],
    }
  }
  return paths
}

const METHODS: Readonly<Record<Verb, string>> = {
  get: 'get',
  list: 'get',
  watch: 'get',
  create: 'post',
  update: 'put',
  patch: 'patch',
  delete: 'delete',
  deletecollection: 'delete',
}

const WORDS: Readonly<Record<Verb, {readonly id: string; readonly text: string}>> = {
  get: {id: 'read', text: 'read the specified'},
  list: {id: 'list', text: 'list objects of kind'},
  watch: {id: 'watch', text: 'watch'},
  create: {id: 'create', text: 'create a'},
  update: {id: 'replace', text: 'replace the specified'},
  patch: {id: 'patch', text: 'partially update the specified'},
  delete: {id: 'delete', text: 'delete a'},
  deletecollection: {id: 'deleteCollection', text: 'delete collection of'},
}

type Part = NonNullable<ReturnType<ServedResource['subresources']['get']>>

class OperationMaker {
  readonly #resource: ServedResource
  readonly #reference: Reference
  readonly #part: Part | undefined

  constructor(resource: ServedResource, reference: Reference, part?: Part) {
    this.#resource = resource
    this.#reference = reference
    this.#part = part
  }

  /** Those of the wanted verbs that are served, by method. */
  operations(wanted: readonly Verb[], verbs: readonly Verb[]): Operation {
    return Object.fromEntries(
      wanted
        .filter((verb) => verbs.includes(verb))
        .map((verb) => [METHODS[verb], this.operation(verb)]),
    )
  }

  operation(verb: Verb, suffix = ''): Operation {
    const {type} = this.#resource
    const parameters = parametersOf(verb)
    const tag = camel([type.group === '' ? 'core' : type.group, type.version], '_')
    return {
      tags: [tag],
      description: `${WORDS[verb].text} ${type.kind}`,
      operationId: this.#operationId(verb, suffix),
      ...(parameters.length > 0 && suffix === '' && {parameters}),
      ...this.#requestBody(verb),
      responses: this.#responses(verb),
      'x-kubernetes-action': verb === 'create' ? 'post' : verb === 'update' ? 'put' : verb,
      'x-kubernetes-group-version-kind': this.#kind(),
    }
  }

  #operationId(verb: Verb, suffix: string): string {
    const {type} = this.#resource
    const group = pascal(type.group === '' ? 'core' : type.group.replace(/\.k8s\.io$/, ''))
    const scope = type.namespaced && suffix === '' ? 'Namespaced' : ''
    const part = pascal(this.#part?.name ?? '')
    const collection = verb === 'deletecollection' ? 'Collection' : ''
    const word = verb === 'deletecollection' ? 'delete' : WORDS[verb].id
    return `${word}${group}${pascal(type.version)}${collection}${scope}${type.kind}${part}${suffix}`
  }

  #kind(): Operation {
    const {group, version, kind} = this.#part?.kind ?? this.#resource.type
    return {group, version, kind}
  }

  #schema(verb: Verb): string {
    if (verb === 'list') return listName(this.#resource)
    const kind = this.#part?.kind
    if (kind === undefined) return objectName(this.#resource)
    return builtinName(`${kind.group.split('.')[0] || 'core'}.${kind.version}.${kind.kind}`)
  }

  #content(name: string): Operation {
    const schema = this.#reference(name)
    return {'application/json': {schema}, 'application/yaml': {schema}}
  }

  #requestBody(verb: Verb): Operation {
    switch (verb) {
      case 'create':
      case 'update':
        return {requestBody: {content: this.#content(this.#schema(verb)), required: true}}
      case 'patch': {
        const schema = this.#reference(PATCH)
        const types = [
          'application/apply-patch+yaml',
          'application/json-patch+json',
          'application/merge-patch+json',
          ...(this.#resource.isCustom ? [] : ['application/strategic-merge-patch+json']),
        ]
        const content = Object.fromEntries(types.map((type) => [type, {schema}]))
        return {requestBody: {content, required: true}}
      }
      case 'delete':
      case 'deletecollection':
        return {requestBody: {content: this.#content(builtinName('meta.v1.DeleteOptions'))}}
      case 'get':
      case 'list':
      case 'watch':
        return {}
    }
  }

  #responses(verb: Verb): Operation {
    const isDelete = verb === 'delete' || verb === 'deletecollection'
    const content = this.#content(isDelete ? builtinName('meta.v1.Status') : this.#schema(verb))
    const codes: Record<string, string> = {
      200: 'OK',
      ...((verb === 'create' || verb === 'update') && {201: 'Created'}),
      ...((verb === 'create' || verb === 'delete') && {202: 'Accepted'}),
    }
    return {
      ...Object.fromEntries(
        Object.entries(codes).map(([code, description]) => [code, {description, content}]),
      ),
      401: {description: 'Unauthorized'},
    }
  }
}

function parametersOf(verb: Verb): readonly Parameter[] {
  switch (verb) {
    case 'list':
    case 'watch':
      return LIST
    case 'create':
    case 'update':
      return WRITE
    case 'patch':
      return [...WRITE, FORCE]
    case 'delete':
      return DELETE
    case 'deletecollection':
      return [...DELETE, ...LIST.filter(({name}) => name !== 'watch')]
    case 'get':
      return []
  }
}

function pascal(text: string): string {
  return text
    .split(/[.\-/]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}

function camel(words: readonly string[], separator: string): string {
  return words
    .map((word) => {
      const joined = pascal(word)
      return joined.charAt(0).toLowerCase() + joined.slice(1)
    })
    .join(separator)
}
