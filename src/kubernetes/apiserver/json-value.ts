import type {KubeObject, ObjectMeta} from '../../api/meta/object.ts'
import {isJsonObject, type JsonObject} from '../../util/json.ts'

export {cloneJson, isJsonObject, jsonEqual, type JsonObject} from '../../util/json.ts'

/** An object of the API as a document whose fields nobody knows. */
export function asJson(object: KubeObject | ObjectMeta): JsonObject {
  return object as unknown as JsonObject
}

/** The field `name` as an object; an empty one when it is absent or something else. */
export function objectAt(object: JsonObject | undefined, name: string): JsonObject {
  const value = object?.[name]
  return isJsonObject(value) ? value : {}
}

/** The field `name` as a list of objects; other items are left out. */
export function objectsAt(object: JsonObject | undefined, name: string): JsonObject[] {
  const value = object?.[name]
  return Array.isArray(value) ? value.filter(isJsonObject) : []
}

/** The field `name` as a string; empty when it is absent or something else. */
export function stringAt(object: JsonObject | undefined, name: string): string {
  const value = object?.[name]
  return typeof value === 'string' ? value : ''
}

/** The field `name` as a number, or undefined. */
export function numberAt(object: JsonObject | undefined, name: string): number | undefined {
  const value = object?.[name]
  return typeof value === 'number' ? value : undefined
}

/** The field `name` as a list of strings; other items are left out. */
export function stringsAt(object: JsonObject | undefined, name: string): string[] {
  const value = object?.[name]
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

/** The field `name` as an object, which is put there when it is missing. For private copies. */
export function ensureObject(object: JsonObject, name: string): JsonObject {
  const value = object[name]
  if (isJsonObject(value)) return value
  const made: JsonObject = {}
  object[name] = made
  return made
}

/** Sets `name` unless it has a value. For private copies. */
export function setDefault(object: JsonObject, name: string, value: unknown): void {
  if (object[name] === undefined || object[name] === null) object[name] = value
}
