/**
 * What names, labels and their parts must look like, in the words of Kubernetes.
 *
 * Counterpart of k8s.io/apimachinery `util/validation`. Each check answers the list of what is
 * wrong, empty when nothing is.
 */

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`
const LABEL_1035 = '[a-z]([-a-z0-9]*[a-z0-9])?'
const QUALIFIED = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'
const LABEL_VALUE = `(${QUALIFIED})?`

const labelPattern = new RegExp(`^${LABEL}$`)
const subdomainPattern = new RegExp(`^${SUBDOMAIN}$`)
const label1035Pattern = new RegExp(`^${LABEL_1035}$`)
const qualifiedPattern = new RegExp(`^${QUALIFIED}$`)
const labelValuePattern = new RegExp(`^${LABEL_VALUE}$`)

/** `must be no more than 63 characters` */
function maxLength(length: number, unit: 'characters' | 'bytes' = 'characters'): string {
  return `must be no more than ${length} ${unit}`
}

/** A sentence about a pattern with its examples, as all of Kubernetes writes it. */
function patternMessage(text: string, pattern: string, ...examples: string[]): string {
  const [first, ...others] = examples
  if (first === undefined) return `${text} (regex used for validation is '${pattern}')`
  const list = [`'${first}'`, ...others.map((example) => ` or '${example}'`)].join(', ')
  return `${text} (e.g. ${list}, regex used for validation is '${pattern}')`
}

const LABEL_MESSAGE = patternMessage(
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  LABEL,
  'my-name',
  '123-abc',
)
const SUBDOMAIN_MESSAGE = patternMessage(
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  SUBDOMAIN,
  'example.com',
)
const LABEL_1035_MESSAGE = patternMessage(
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  LABEL_1035,
  'my-name',
  'abc-123',
)
const QUALIFIED_MESSAGE =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"

/** Names such as a namespace's: 63 characters of lower case, digits and dashes. */
export function dnsLabel(name: string): string[] {
  const problems = name.length > 63 ? [maxLength(63)] : []
  return labelPattern.test(name) ? problems : [...problems, LABEL_MESSAGE]
}

/** Names of most objects: labels joined by dots, 253 characters. */
export function dnsSubdomain(name: string): string[] {
  const problems = name.length > 253 ? [maxLength(253)] : []
  return subdomainPattern.test(name) ? problems : [...problems, SUBDOMAIN_MESSAGE]
}

/** Like {@link dnsLabel}, but begins with a letter. */
export function dns1035Label(name: string): string[] {
  const problems = name.length > 63 ? [maxLength(63)] : []
  return label1035Pattern.test(name) ? problems : [...problems, LABEL_1035_MESSAGE]
}

/** Names that only must be usable in a path: those of RBAC. */
export function pathSegment(name: string): string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`]
  return ['/', '%'].filter((char) => name.includes(char)).map((char) => `may not contain '${char}'`)
}

/** A name with an optional domain before it: `example.com/name`. */
export function qualifiedName(name: string): string[] {
  const parts = name.split('/')
  if (parts.length > 2) {
    return [
      `a qualified name ${patternMessage(QUALIFIED_MESSAGE, QUALIFIED, 'MyName', 'my.name', '123-abc')} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ]
  }
  const problems: string[] = []
  const own = parts.at(-1) ?? ''
  if (parts.length === 2) {
    const prefix = parts[0] ?? ''
    if (prefix === '') problems.push('prefix part must be non-empty')
    else problems.push(...dnsSubdomain(prefix).map((text) => `prefix part ${text}`))
  }
  if (own === '') problems.push('name part must be non-empty')
  else if (own.length > 63) problems.push(`name part ${maxLength(63)}`)
  if (!qualifiedPattern.test(own)) {
    problems.push(
      `name part ${patternMessage(QUALIFIED_MESSAGE, QUALIFIED, 'MyName', 'my.name', '123-abc')}`,
    )
  }
  return problems
}

/** The value of a label. */
export function labelValue(value: string): string[] {
  const problems = value.length > 63 ? [maxLength(63, 'bytes')] : []
  if (!labelValuePattern.test(value)) {
    problems.push(
      patternMessage(
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
        LABEL_VALUE,
        'MyValue',
        'my_value',
        '12345',
      ),
    )
  }
  return problems
}

const configKeyPattern = /^[-._a-zA-Z0-9]+$/

/** A key of a ConfigMap or Secret. */
export function configKey(key: string): string[] {
  const problems = key.length > 253 ? [maxLength(253)] : []
  if (!configKeyPattern.test(key)) {
    problems.push(
      patternMessage(
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
        '[-._a-zA-Z0-9]+',
        'key.name',
        'KEY_NAME',
        'key-name',
      ),
    )
  }
  if (key === '.') problems.push("must not be '.'")
  else if (key === '..') problems.push("must not be '..'")
  else if (key.startsWith('..')) problems.push("must not start with '..'")
  return problems
}

/** The name of a port. */
export function portName(name: string): string[] {
  const problems: string[] = []
  if (name.length > 15) problems.push(maxLength(15))
  if (!/^[-a-z0-9]+$/.test(name)) {
    problems.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)')
  }
  if (!/[a-z]/.test(name)) problems.push('must contain at least one letter (a-z)')
  if (name.includes('--')) problems.push('must not contain consecutive hyphens')
  if (name.startsWith('-') || name.endsWith('-')) {
    problems.push('must not begin or end with a hyphen')
  }
  return problems
}

/** A port number. */
export function portNumber(port: number): string[] {
  return port >= 1 && port <= 65535 ? [] : ['must be between 1 and 65535, inclusive']
}

/** A check of names as {@link Strategy} wants it: a generateName may end in a dash. */
export function nameCheck(
  check: (name: string) => string[],
): (name: string, isPrefix: boolean) => string[] {
  return (name, isPrefix) => check(isPrefix && name.endsWith('-') ? `${name.slice(0, -1)}a` : name)
}

/** A name with at least three parts, such as a webhook's; all that is wrong, in one text. */
export function fullyQualifiedName(name: string): string | undefined {
  const problems = dnsSubdomain(name)
  if (problems.length > 0) return problems.join(',')
  return name.split('.').length < 3
    ? 'should be a domain with at least three segments separated by dots'
    : undefined
}
