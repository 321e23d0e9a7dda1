import {failure, type StatusError} from '../../../api/meta/status-error.ts'

/** One thing wrong with an object. Counterpart of k8s.io/apimachinery `field.Error`. */
export interface FieldError {
  readonly reason: FieldErrorReason
  /** `spec.ports[0].name` */
  readonly field: string
  /** What is wrong, without the field: `Invalid value: "x": must be …`. */
  readonly message: string
}

/** The reasons a cause of an Invalid status can have. */
type FieldErrorReason =
  | 'FieldValueInvalid'
  | 'FieldValueRequired'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueDuplicate'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'FieldValueNotFound'
  | 'FieldValueTypeInvalid'
  | 'InternalError'

/** The value is there and wrong. */
export function invalidValue(field: string, value: unknown, detail: string): FieldError {
  return {reason: 'FieldValueInvalid', field, message: withValue('Invalid value', value, detail)}
}

/** The value has the wrong JSON type. */
export function typeInvalid(field: string, value: unknown, detail: string): FieldError {
  return {
    reason: 'FieldValueTypeInvalid',
    field,
    message: withValue('Invalid value', value, detail),
  }
}

/** The value is missing. */
export function required(field: string, detail = ''): FieldError {
  return {
    reason: 'FieldValueRequired',
    field,
    message: detail === '' ? 'Required value' : `Required value: ${detail}`,
  }
}

/** The value is not one of `supported`, which are shown in the given order. */
export function notSupported(
  field: string,
  value: unknown,
  supported: readonly string[],
): FieldError {
  const detail = `supported values: ${supported.map((text) => goQuote(text)).join(', ')}`
  return {
    reason: 'FieldValueNotSupported',
    field,
    message: withValue('Unsupported value', value, detail),
  }
}

/** Refuses a value that is there and none of `supported`. */
export function oneOf(field: string, value: unknown, supported: readonly string[]): FieldError[] {
  const isFine = value === undefined || supported.some((text) => text === value)
  return isFine ? [] : [notSupported(field, value, supported)]
}

/** The value may not be set here. */
export function forbidden(field: string, detail: string): FieldError {
  return {reason: 'FieldValueForbidden', field, message: `Forbidden: ${detail}`}
}

/** The value is there twice. */
export function duplicate(field: string, value: unknown): FieldError {
  return {reason: 'FieldValueDuplicate', field, message: withValue('Duplicate value', value, '')}
}

/** What the value refers to does not exist. */
export function valueNotFound(field: string, value: unknown): FieldError {
  return {reason: 'FieldValueNotFound', field, message: withValue('Not found', value, '')}
}

/** The value is longer than `maxBytes`. */
export function tooLong(field: string, maxBytes: number): FieldError {
  return {
    reason: 'FieldValueTooLong',
    field,
    message: `Too long: may not be more than ${maxBytes} bytes`,
  }
}

function withValue(type: string, value: unknown, detail: string): string {
  return detail === '' ? `${type}: ${goValue(value)}` : `${type}: ${goValue(value)}: ${detail}`
}

/** A value as Go's field errors print it. */
export function goValue(value: unknown): string {
  if (typeof value === 'string') return goQuote(value)
  if (value === undefined || value === null) return 'null'
  return JSON.stringify(value)
}

/** A string in Go's `%q` form. */
export function goQuote(text: string): string {
  let out = '"'
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0
    if (char === '"' || char === '\\') out += `\\${char}`
    else if (char === '\n') out += '\\n'
    else if (char === '\t') out += '\\t'
    else if (char === '\r') out += '\\r'
    else if (code < 0x20 || code === 0x7f) out += `\\x${code.toString(16).padStart(2, '0')}`
    else out += char
  }
  return `${out}"`
}

/** Whose fields are wrong: the kind with its group, and the name the client sent. */
export interface InvalidObject {
  readonly group: string
  readonly kind: string
  readonly name: string
}

/** 422: the object is not valid. Each different error is named once. */
export function invalid(object: InvalidObject, errors: readonly FieldError[]): StatusError {
  const {group, kind, name} = object
  const byText = new Map(
    errors.map((error) => {
      const {field, message} = error
      return [field === '' ? message : `${field}: ${message}`, error]
    }),
  )
  const texts = [...byText.keys()]
  const qualified = group === '' ? kind : `${kind}.${group}`
  const list = texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`
  return failure(422, 'Invalid', `${qualified} "${name}" is invalid: ${list}`, {
    ...(name !== '' && {name}),
    ...(group !== '' && {group}),
    kind,
    causes: [...byText.values()].map(({reason, message, field}) => ({reason, message, field})),
  })
}
