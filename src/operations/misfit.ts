/** What is wrong with a document of a server that cannot be the object it is said to be. */
import {KIND_TYPES} from '../api/go-types/serving.ts'
import type {GoField, GoType, ScalarType, StructType} from '../api/go-types/go-type.ts'
import {STATUS_TYPES} from '../api/go-types/status.ts'
import {isJsonObject} from '../util/json.ts'

const METADATA: Readonly<Record<string, (value: unknown) => boolean>> = {
  name: isText,
  namespace: isText,
  uid: isText,
  resourceVersion: isText,
  creationTimestamp: isTime,
  deletionTimestamp: isTime,
  generation: Number.isSafeInteger,
  labels: isTexts,
  annotations: isTexts,
  ownerReferences: (value) => Array.isArray(value) && value.every(isJsonObject),
}

/**
 * Why a document is no object, or no list of objects, of Kubernetes or of Knative Serving: the path and
 * what is wrong there; undefined where nothing is.
 *
 * The path of the request says what it should be. Of other kinds only what all objects have is looked at, and that maps and lists are what their names
 * say in pods and events.
 */
export function misfitOf(document: unknown, path: string): string | undefined {
  if (!isJsonObject(document)) return 'it is no object'
  if (document['kind'] === 'Status') return undefined
  const asked = askedFor(path)
  const {items} = document
  if (items === undefined) return misfitOfObject({...document, ...asked}, '')
  if (!Array.isArray(items)) return 'items is no list'
  for (const [index, item] of items.entries()) {
    const at = `items[${index}]`
    if (!isJsonObject(item)) return `${at} is no object`
    const problem = misfitOfObject({...item, ...asked}, `${at}.`)
    if (problem !== undefined) return problem
  }
  return undefined
}

const KINDS: Readonly<Record<string, string>> = {
  services: 'Service',
  configurations: 'Configuration',
  revisions: 'Revision',
  routes: 'Route',
  domainmappings: 'DomainMapping',
  pods: 'Pod',
  events: 'Event',
}

/** The version and kind of what a path leads to. */
function askedFor(path: string): {apiVersion: string; kind: string} {
  const [, group, version, plural = ''] =
    /^\/(?:api|apis\/([^/]+))\/([^/]+)(?:\/namespaces\/[^/]+)?\/([^/?]+)/.exec(path) ?? []
  const apiVersion = group === undefined ? String(version) : `${group}/${version}`
  const isCore = group === undefined && plural === 'services'
  return {apiVersion, kind: isCore ? '' : (KINDS[plural] ?? '')}
}

function misfitOfObject(object: Record<string, unknown>, path: string): string | undefined {
  const {metadata, kind, apiVersion} = object
  if (!isJsonObject(metadata)) return `${path}metadata is no object`
  if (!isText(metadata['name']) || metadata['name'] === '') return `${path}metadata.name is no name`
  for (const [field, fits] of Object.entries(METADATA)) {
    const value = metadata[field]
    if (value !== undefined && value !== null && !fits(value)) {
      return `${path}metadata.${field} is not what it should be`
    }
  }
  if (typeof apiVersion !== 'string' || !apiVersion.startsWith('serving.knative.dev/')) {
    return misfitOfOther(object, path)
  }
  const name = String(kind) as keyof typeof KIND_TYPES
  const spec = Object.hasOwn(KIND_TYPES, name) ? KIND_TYPES[name] : undefined
  const status = Object.hasOwn(STATUS_TYPES, name) ? STATUS_TYPES[name] : undefined
  if (spec !== undefined && !isJsonObject(object['spec'])) return `${path}spec is no object`
  return (
    (spec && misfitOfStruct(spec, object, path, ['spec'])) ??
    (status && misfitOfValue(status, object['status'], `${path}status`))
  )
}

// Fields that are lists or maps in all kinds that have them.
function misfitOfOther(object: Record<string, unknown>, path: string): string | undefined {
  if (object['kind'] === 'Event' && !isJsonObject(object['involvedObject'])) {
    return `${path}involvedObject is no object`
  }
  for (const field of ['spec', 'status', 'data']) {
    const value = object[field]
    if (field === 'spec' && object['kind'] === 'Pod' && value === undefined)
      return `${path}spec is missing`
    if (value !== undefined && value !== null && !isJsonObject(value)) {
      return `${path}${field} is no object`
    }
  }
  for (const part of ['spec', 'status']) {
    for (const [field, value] of Object.entries((object[part] ?? {}) as object)) {
      const isList =
        /(?:s|Statuses)$/.test(field) &&
        /conditions|containers|Statuses$|volumes|ports/i.test(field)
      if (isList && value !== null && !(Array.isArray(value) && value.every(isJsonObject))) {
        return `${path}${part}.${field} is no list of objects`
      }
    }
  }
  return undefined
}

function misfitOfStruct(
  type: StructType,
  value: Record<string, unknown>,
  path: string,
  only?: readonly string[],
): string | undefined {
  for (const key of only ?? Object.keys(value)) {
    const place = type.byJson.get(key)
    const problem = place && misfitOfValue(place.field.type, value[key], `${path}${key}`)
    if (problem !== undefined) return problem
  }
  // What Go always writes is there, unless the object was made by hand.
  const missing =
    only === undefined
      ? [...type.byJson].find(([key, {field}]) => isMissing(field, value[key]))
      : undefined
  return missing && `${path}${missing[0]} is missing`
}

function isMissing({always, type}: GoField, value: unknown): boolean {
  return always === true && type.kind === 'string' && (value === undefined || value === null)
}

function misfitOfValue(type: GoType, value: unknown, path: string): string | undefined {
  if (value === undefined) return undefined
  // Servers leave out what is null, but for times.
  if (value === null) return type.kind === 'time' ? undefined : `${path} is null`
  switch (type.kind) {
    case 'pointer':
      return misfitOfValue(type.to, value, path)
    case 'opaque':
      return undefined
    case 'struct':
      return isJsonObject(value) ? misfitOfStruct(type, value, `${path}.`) : `${path} is no object`
    case 'list': {
      if (!Array.isArray(value)) return `${path} is no list`
      const problems = value.map((item, index) =>
        item === null && type.of.kind === 'struct'
          ? `${path}[${index}] is null`
          : misfitOfValue(type.of, item, `${path}[${index}]`),
      )
      return problems.find((problem) => problem !== undefined)
    }
    case 'map': {
      if (!isJsonObject(value)) return `${path} is no map`
      const problems = Object.entries(value).map(([key, item]) =>
        misfitOfValue(type.of, item, `${path}.${key}`),
      )
      return problems.find((problem) => problem !== undefined)
    }
    case 'string':
    case 'time':
    case 'boolean':
    case 'integer':
    case 'quantity':
    case 'intOrString':
      return SCALARS[type.kind].fits(value) ? undefined : `${path} is no ${SCALARS[type.kind].name}`
  }
}

const SCALARS: Readonly<
  Record<ScalarType['kind'], {readonly name: string; readonly fits: (value: unknown) => boolean}>
> = {
  string: {name: 'text', fits: isText},
  time: {name: 'time', fits: isTime},
  boolean: {name: 'truth value', fits: (value) => typeof value === 'boolean'},
  integer: {name: 'whole number', fits: Number.isSafeInteger},
  quantity: {name: 'quantity', fits: isQuantity},
  intOrString: {name: 'number or text', fits: isQuantity},
}

function isQuantity(value: unknown): boolean {
  return isText(value) || typeof value === 'number'
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}

function isTexts(value: unknown): boolean {
  return isJsonObject(value) && Object.values(value).every(isText)
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value))
}
