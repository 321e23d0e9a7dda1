import type {StructuralSchema} from '../../../api/extensions/structural-schema.ts'
import {compileRegExp, RegExpSyntaxError} from '../../../util/regexp/linear-regexp.ts'
import {isJsonObject, jsonEqual, type JsonObject} from '../json-value.ts'
import {
  invalidValue,
  notSupported,
  required,
  tooLong,
  typeInvalid,
  type FieldError,
} from '../validation/field-error.ts'
import {oldItem, oldProperty} from './correlate.ts'
import {formatProblem} from './formats.ts'

/**
 * What is wrong with a custom resource by its schema, in the words of kube-openapi.
 *
 * The root's apiVersion, kind and metadata are checked elsewhere. What was wrong in `old` already,
 * and has not changed, is no error.
 */
export function validateStructural(
  value: JsonObject,
  schema: StructuralSchema,
  old?: JsonObject,
): FieldError[] {
  const errors: FieldError[] = []
  check(value, schema, '', {errors, shared: old})
  if (errors.length === 0 || old === undefined) return errors
  const newErrors: FieldError[] = []
  check(value, schema, '', {errors: newErrors, old})
  return newErrors
}

/** Where errors go, and what was there before: what has not changed is not looked into. */
interface Findings {
  readonly errors: FieldError[]
  readonly old?: unknown
  /** The object before, of which the very same parts are skipped: a status is written by itself. */
  readonly shared?: JsonObject | undefined
}

function check(value: unknown, schema: StructuralSchema, path: string, findings: Findings): void {
  const {errors, old} = findings
  if (value === null && schema.nullable) return
  if (old !== undefined && jsonEqual(value, old)) return
  const before = errors.length
  checkType(value, schema, path, errors)
  if (errors.length > before) return
  if (schema.enum !== undefined && !schema.enum.some((item) => jsonEqual(item, value))) {
    errors.push(notSupported(path, value, schema.enum.map(String)))
  }
  if (typeof value === 'string') checkString(value, schema, path, errors)
  else if (typeof value === 'number') checkNumber(value, schema, path, errors)
  else if (Array.isArray(value)) checkList(value, schema, path, findings)
  else if (isJsonObject(value)) checkObject(value, schema, path, findings)
  checkCombinations(value, schema, path, errors)
}

function checkType(
  value: unknown,
  schema: StructuralSchema,
  path: string,
  errors: FieldError[],
): void {
  const found = jsonType(value)
  if (schema['x-kubernetes-int-or-string']) {
    if (found === 'integer' || found === 'string') return
    errors.push(
      typeInvalid(path, found, `${path} in body must be of type integer,string: "${found}"`),
    )
    return
  }
  const {type} = schema
  if (type === undefined || type === found || (type === 'number' && found === 'integer')) return
  errors.push(typeInvalid(path, found, `${path} in body must be of type ${type}: "${found}"`))
}

function checkString(
  value: string,
  schema: StructuralSchema,
  path: string,
  errors: FieldError[],
): void {
  const {minLength, maxLength, pattern, format} = schema
  // Code points, as Go counts runes.
  const length = minLength === undefined && maxLength === undefined ? 0 : Array.from(value).length
  if (maxLength !== undefined && length > maxLength) errors.push(tooLong(path, maxLength))
  if (minLength !== undefined && length < minLength) {
    errors.push(
      invalidValue(path, value, `${path} in body should be at least ${minLength} chars long`),
    )
  }
  if (pattern !== undefined && !matches(pattern, value)) {
    errors.push(invalidValue(path, value, `${path} in body should match '${pattern}'`))
  }
  const problem = format === undefined ? undefined : formatProblem(format, value)
  if (problem !== undefined) {
    errors.push(invalidValue(path, value, `${path} in body must be of type ${format}: "${value}"`))
  }
}

function checkNumber(
  value: number,
  schema: StructuralSchema,
  path: string,
  errors: FieldError[],
): void {
  const {minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf} = schema
  const at = path
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum)) {
    const how = exclusiveMaximum ? 'less than' : 'less than or equal to'
    errors.push(invalidValue(path, value, `${at} in body should be ${how} ${maximum}`))
  }
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum)) {
    const how = exclusiveMinimum ? 'greater than' : 'greater than or equal to'
    errors.push(invalidValue(path, value, `${at} in body should be ${how} ${minimum}`))
  }
  if (multipleOf !== undefined && !Number.isInteger(value / multipleOf)) {
    errors.push(invalidValue(path, value, `${at} in body should be a multiple of ${multipleOf}`))
  }
}

function checkList(
  value: readonly unknown[],
  schema: StructuralSchema,
  path: string,
  {errors, old}: Findings,
): void {
  const {items, minItems, maxItems} = schema
  if (maxItems !== undefined && value.length > maxItems) {
    const message = `Too many: ${value.length}: must have at most ${maxItems} items`
    errors.push({reason: 'FieldValueTooMany', field: path, message})
  }
  if (minItems !== undefined && value.length < minItems) {
    errors.push(
      invalidValue(path, value.length, `${path} in body should have at least ${minItems} items`),
    )
  }
  if (items !== undefined) {
    value.forEach((item, index) => {
      check(item, items, `${path}[${index}]`, {errors, old: oldItem(item, old, schema)})
    })
  }
  checkListKeys(value, schema, path, errors)
}

function checkListKeys(
  value: readonly unknown[],
  schema: StructuralSchema,
  path: string,
  errors: FieldError[],
): void {
  const listType = schema['x-kubernetes-list-type']
  if (listType !== 'map' && listType !== 'set') return
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  const seen = new Set<string>()
  value.forEach((item, index) => {
    const key =
      listType === 'set' || !isJsonObject(item)
        ? item
        : Object.fromEntries(keys.map((field) => [field, item[field]]))
    const text = JSON.stringify(key)
    if (seen.has(text)) {
      errors.push({
        reason: 'FieldValueDuplicate',
        field: `${path}[${index}]`,
        message: `Duplicate value: ${typeof key === 'string' ? JSON.stringify(key) : text}`,
      })
    }
    seen.add(text)
  })
}

function checkObject(
  value: JsonObject,
  schema: StructuralSchema,
  path: string,
  {errors, old, shared}: Findings,
): void {
  const {properties = {}, additionalProperties, minProperties, maxProperties} = schema
  for (const field of schema.required ?? []) {
    if (value[field] === undefined) errors.push(required(join(path, field)))
  }
  const isRoot = path === ''
  const names = Object.keys(value)
  if (maxProperties !== undefined && names.length > maxProperties) {
    const message = `Too many: ${names.length}: must have at most ${maxProperties} items`
    errors.push({reason: 'FieldValueTooMany', field: path, message})
  }
  if (minProperties !== undefined && names.length < minProperties) {
    errors.push(
      invalidValue(
        path,
        names.length,
        `${path} in body should have at least ${minProperties} properties`,
      ),
    )
  }
  for (const field of names) {
    if (isRoot && (field === 'metadata' || value[field] === shared?.[field])) continue
    const own = Object.hasOwn(properties, field) ? properties[field] : undefined
    const property =
      own ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined)
    if (property === undefined) continue
    const before = oldProperty(field, old, schema)
    check(value[field], property, join(path, field), {errors, old: before})
  }
}

function checkCombinations(
  value: unknown,
  schema: StructuralSchema,
  path: string,
  errors: FieldError[],
): void {
  for (const part of schema.allOf ?? []) check(value, part, path, {errors})
  const shown = typeof value === 'object' ? '' : value
  const fail = (detail: string): void => {
    errors.push(invalidValue(path, shown, `${path} in body ${detail}`))
  }
  if (schema.anyOf !== undefined && !schema.anyOf.some((part) => isValid(value, part, path))) {
    fail('must validate at least one schema (anyOf)')
  }
  if (schema.oneOf !== undefined) {
    const valid = schema.oneOf.filter((part) => isValid(value, part, path)).length
    if (valid !== 1) {
      const found = valid === 0 ? 'Found none valid' : `Found ${valid} valid alternatives`
      fail(`must validate one and only one schema (oneOf). ${found}`)
    }
  }
  if (schema.not !== undefined && isValid(value, schema.not, path)) {
    fail('must not validate the schema (not)')
  }
}

function isValid(value: unknown, schema: StructuralSchema, path: string): boolean {
  const errors: FieldError[] = []
  check(value, schema, path, {errors})
  return errors.length === 0
}

function join(path: string, field: string): string {
  return path === '' ? field : `${path}.${field}`
}

function jsonType(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}

/** A pattern that does not compile is refused with its CRD; one from before that refuses nothing. */
function matches(pattern: string, value: string): boolean {
  try {
    return compileRegExp(pattern).test(value)
  } catch (error) {
    if (error instanceof RegExpSyntaxError) return true
    throw error
  }
}
