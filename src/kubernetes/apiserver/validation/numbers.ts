import {numberAt, type JsonObject} from '../json-value.ts'
import {invalidValue, type FieldError} from './field-error.ts'

const NOT_NEGATIVE = 'must be greater than or equal to 0'
const PERCENT =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"

/** What is wrong with counts that may not be negative; those that are absent are left out. */
export function notNegative(object: JsonObject, path: string, ...fields: string[]): FieldError[] {
  return fields.flatMap((field) => {
    const value = numberAt(object, field)
    return value !== undefined && value < 0
      ? [invalidValue(`${path}.${field}`, value, NOT_NEGATIVE)]
      : []
  })
}

/** What is wrong with a number of things or a share of them: `3` or `"25%"`. */
export function validateShare(value: unknown, path: string): FieldError[] {
  if (typeof value === 'number') return value < 0 ? [invalidValue(path, value, NOT_NEGATIVE)] : []
  if (typeof value === 'string' && !/^[0-9]+%$/.test(value)) {
    return [invalidValue(path, value, PERCENT)]
  }
  return []
}

/** Refuses a share of more than everything. */
export function notMoreThanAll(value: unknown, path: string): FieldError[] {
  if (typeof value !== 'string' || !/^[0-9]+%$/.test(value)) return []
  return percentOf(value) > 100 ? [invalidValue(path, value, 'must not be greater than 100%')] : []
}

/** Whether a number or share is none. */
export function isZeroShare(value: unknown): boolean {
  return value === 0 || (typeof value === 'string' && percentOf(value) === 0)
}

function percentOf(text: string): number {
  return Number(text.replace('%', ''))
}
