/** What becomes of a field when its message is passed on. */
export type FieldKind = 'end-to-end' | 'dropped' | 'handled'

/** A name as it came, and what is known about it. */
export interface FieldName {
  readonly lower: string
  readonly inRequest: FieldKind
  readonly inResponse: FieldKind
}

/** Fields of one connection (RFC 9110 §7.6.1, RFC 9113 §8.2.2), of which nothing is kept. */
const DROPPED = [
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'http2-settings',
]
/** Fields of a request whose meaning is kept in another form. */
const REQUEST_HANDLED = new Set([
  'host',
  'connection',
  'transfer-encoding',
  'content-length',
  'te',
  'upgrade',
  'expect',
])
const REQUEST_DROPPED = new Set(DROPPED)
const RESPONSE_HANDLED = new Set(['connection', 'content-length', 'trailer'])
const RESPONSE_DROPPED = new Set([...DROPPED, 'transfer-encoding', 'te', 'upgrade'])

/** RFC 9110 §5.6.2. */
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/
/** RFC 9110 §5.5: one character per byte, of the control characters none but the tab. */
const NOT_IN_VALUES = /[^\t\x20-\x7e\x80-\xff]/

/**
 * Names as peers spell them. They send the same few names again and again; one look-up replaces
 * lower-casing, the check of the characters and several comparisons per field.
 */
const NAMES = new Map<string, FieldName>()
const MAX_NAMES = 1000

/** What is known about a field by its name, in any case. Undefined when it is no name at all. */
export function fieldName(raw: string): FieldName | undefined {
  return NAMES.get(raw) ?? judgeName(raw)
}

/** Whether a string can be the value of a field, byte for byte. */
export function isFieldValue(value: string): boolean {
  return !NOT_IN_VALUES.test(value)
}

/** Whether a string can be the name of a field or a method. */
export function isToken(text: string): boolean {
  return TOKEN.test(text)
}

function judgeName(raw: string): FieldName | undefined {
  if (!TOKEN.test(raw)) return undefined
  // A property name is the one string of its kind, which makes later comparisons cheap.
  const [lower = ''] = Object.keys({[raw.toLowerCase()]: true})
  const name: FieldName = {
    lower,
    inRequest: kindOf(lower, REQUEST_HANDLED, REQUEST_DROPPED),
    inResponse: kindOf(lower, RESPONSE_HANDLED, RESPONSE_DROPPED),
  }
  if (NAMES.size < MAX_NAMES) NAMES.set(raw, name)
  return name
}

function kindOf(
  lower: string,
  handled: ReadonlySet<string>,
  dropped: ReadonlySet<string>,
): FieldKind {
  if (handled.has(lower)) return 'handled'
  return dropped.has(lower) ? 'dropped' : 'end-to-end'
}
