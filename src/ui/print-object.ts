/** Objects and lists for machines: `--output`. */
import type {KubeObject} from '../api/meta/object.ts'
import {inFieldOrder} from './field-order.ts'
import {goJson, sortedJson} from '../util/go/json.ts'
import {printYaml} from '../util/yaml/print-yaml.ts'

/** The formats every command that prints objects knows. */
export type OutputFormat = 'json' | 'yaml' | 'name'

/** An object, or a document that looks like one, as `--output` prints it. */
export interface PrintableObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {readonly name?: string; readonly managedFields?: unknown}
}

/** A list as `--output` prints it. */
export interface PrintableList {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata?: object
  readonly items: readonly KubeObject[]
}

/** One object, fields of JSON in the order of Go's structs, as kubectl and kn print it. */
export function printObject(
  object: PrintableObject,
  format: OutputFormat,
  options: {managedFields?: boolean} = {},
): string {
  if (format === 'name') return nameLine(object)
  const shown = options.managedFields ? object : withoutManagedFields(object)
  return format === 'json' ? `${goJson(inFieldOrder(shown), 4)}\n` : printYaml(shown)
}

/** A list of objects, fields in alphabetical order, as kn prints it. */
export function printList(
  list: PrintableList,
  format: OutputFormat,
  options: {managedFields?: boolean} = {},
): string {
  if (format === 'name') return list.items.map(nameLine).join('')
  const items = options.managedFields ? list.items : list.items.map(withoutManagedFields)
  const shown = {...list, items}
  return format === 'json' ? `${goJson(sortedJson(shown), 4)}\n` : printYaml(shown)
}

/** A document of Serving that is no object of an API server, such as an export. */
export function printDocument(document: object, format: 'json' | 'yaml'): string {
  return format === 'json' ? `${goJson(inFieldOrder(document), 4)}\n` : printYaml(document)
}

/** `service.serving.knative.dev/hello`. */
function nameLine({apiVersion, kind, metadata}: PrintableObject): string {
  const slash = apiVersion.indexOf('/')
  const group = slash < 0 ? '' : `.${apiVersion.slice(0, slash)}`
  return `${kind.toLowerCase()}${group}/${metadata.name || '<unknown>'}\n`
}

function withoutManagedFields<T extends PrintableObject>(object: T): T {
  if (object.metadata.managedFields === undefined) return object
  const {managedFields: _, ...metadata} = object.metadata
  return {...object, metadata}
}
