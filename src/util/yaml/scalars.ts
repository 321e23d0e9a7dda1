/** What a plain scalar of YAML means to Kubernetes, whose programs read YAML 1.1 by way of go-yaml. */

/** The type that the text of a scalar has. */
export type ScalarType = 'null' | 'bool' | 'int' | 'float' | 'timestamp' | 'str'

/** A scalar with its type; a time keeps its text. */
export interface Scalar {
  readonly type: ScalarType
  readonly value: null | boolean | number | string
}

/**
 * The value of a scalar without quotes and tag: `0400` is 256, `yes` is true, `1_0` is 10; numbers
 * of base 60 (`12:30:45`) are texts. Infinite numbers stay infinite.
 *
 * Counterpart of sigs.k8s.io/yaml `goyaml.v2/resolve.go`.
 */
export function resolvePlain(text: string): Scalar {
  if (WORDS.has(text)) return WORDS.get(text) as Scalar
  if (!/^[-+.0-9]/.test(text)) return {type: 'str', value: text}
  if (isTimestamp(text)) return {type: 'timestamp', value: text}
  return resolveNumber(text) ?? {type: 'str', value: text}
}

function word(type: ScalarType, value: Scalar['value'], ...texts: string[]): [string, Scalar][] {
  return texts.map((text) => [text, {type, value}])
}

const WORDS: ReadonlyMap<string, Scalar> = new Map([
  ...word('null', null, '', '~', 'null', 'Null', 'NULL'),
  ...word('bool', true, 'true', 'True', 'TRUE', 'y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON'),
  ...word('bool', false, 'false', 'False', 'FALSE', 'n', 'N', 'no', 'No', 'NO'),
  ...word('bool', false, 'off', 'Off', 'OFF'),
  ...word('float', Infinity, '.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'),
  ...word('float', -Infinity, '-.inf', '-.Inf', '-.INF'),
  ...word('float', Number.NaN, '.nan', '.NaN', '.NAN'),
])

const INTEGER = /^([-+]?)(?:(0[xX][0-9a-fA-F]+|0[bB][01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/

const MAX_UINT64 = (1n << 64n) - 1n

function resolveNumber(text: string): Scalar | undefined {
  // Only behind a digit or a sign may underscores stand between the digits.
  const digits = text.startsWith('.') ? text : text.replaceAll('_', '')
  const [whole, sign, prefixed, octal, decimal] = INTEGER.exec(digits) ?? []
  if (whole !== undefined) {
    const size = BigInt(prefixed ?? (octal === undefined ? (decimal ?? '0') : `0o${octal}`))
    if (size <= MAX_UINT64) return {type: 'int', value: Number(sign === '-' ? -size : size)}
  }
  const value = FLOAT.test(digits) ? Number(digits) : Number.NaN
  return Number.isFinite(value) ? {type: 'float', value} : undefined
}

const TIMESTAMP =
  /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:\.[0-9]*)?(?:Z|[-+][0-9]{2}:[0-9]{2})| [0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:\.[0-9]*)?)?$/

/** Whether a text has the form of a time; whether there is such a day is not asked. */
function isTimestamp(text: string): boolean {
  return TIMESTAMP.test(text)
}
