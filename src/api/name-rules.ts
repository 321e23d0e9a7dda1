/**
 * What Kubernetes accepts as a name. Each function lists what is wrong; an empty list is fine.
 *
 * Counterpart of k8s.io/apimachinery `pkg/util/validation`.
 */

const LABEL_1123 = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const LABEL_1035 = '[a-z]([-a-z0-9]*[a-z0-9])?'
const SUBDOMAIN = `${LABEL_1123}(\\.${LABEL_1123})*`
const QUALIFIED = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'
const C_IDENTIFIER = '[A-Za-z_][A-Za-z0-9_]*'

const LABEL_1123_PATTERN = new RegExp(`^${LABEL_1123}$`)
const LABEL_1035_PATTERN = new RegExp(`^${LABEL_1035}$`)
const SUBDOMAIN_PATTERN = new RegExp(`^${SUBDOMAIN}$`)
const QUALIFIED_PATTERN = new RegExp(`^${QUALIFIED}$`)
const C_IDENTIFIER_PATTERN = new RegExp(`^${C_IDENTIFIER}$`)

const QUALIFIED_MESSAGE =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"

function tooLong(limit: number): string {
  return `must be no more than ${limit} characters`
}

function mismatch(message: string, pattern: string, ...examples: string[]): string {
  // The space before the second example's "or" is Kubernetes' own.
  const shown = examples.map((example) => `'${example}', `).join(' or ')
  return `${message} (e.g. ${shown}regex used for validation is '${pattern}')`
}

/** A name that can be one part of a host name and starts with a letter. */
export function dns1035LabelProblems(value: string): string[] {
  const problems: string[] = []
  if (value.length > 63) problems.push(tooLong(63))
  if (!LABEL_1035_PATTERN.test(value)) {
    problems.push(
      mismatch(
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
        LABEL_1035,
        'my-name',
        'abc-123',
      ),
    )
  }
  return problems
}

/** The same for a prefix, which may end in a dash because something follows. */
export function dns1035PrefixProblems(prefix: string): string[] {
  const whole = prefix.length > 1 && prefix.endsWith('-') ? `${prefix.slice(0, -2)}a` : prefix
  return dns1035LabelProblems(whole)
}

/** A name that can be one part of a host name. */
export function dns1123LabelProblems(value: string): string[] {
  const problems: string[] = []
  if (value.length > 63) problems.push(tooLong(63))
  if (LABEL_1123_PATTERN.test(value)) return problems
  if (SUBDOMAIN_PATTERN.test(value)) return [...problems, 'must not contain dots']
  return [
    ...problems,
    mismatch(
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
      LABEL_1123,
      'my-name',
      '123-abc',
    ),
  ]
}

/** A host name: labels with dots between them. */
export function dns1123SubdomainProblems(value: string): string[] {
  const problems: string[] = []
  if (value.length > 253) problems.push(tooLong(253))
  if (!SUBDOMAIN_PATTERN.test(value)) {
    problems.push(
      mismatch(
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
        SUBDOMAIN,
        'example.com',
      ),
    )
  }
  return problems
}

/** A key of labels and annotations: a name with an optional `host/` before it. */
export function qualifiedNameProblems(value: string): string[] {
  const problems: string[] = []
  const parts = value.split('/')
  const pattern = mismatch(QUALIFIED_MESSAGE, QUALIFIED, 'MyName', 'my.name', '123-abc')
  if (parts.length > 2) {
    return [
      `a qualified name ${pattern} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ]
  }
  const name = parts.at(-1) ?? ''
  if (parts.length === 2) {
    const prefix = parts[0] ?? ''
    if (prefix === '') problems.push('prefix part must be non-empty')
    else problems.push(...dns1123SubdomainProblems(prefix).map((text) => `prefix part ${text}`))
  }
  if (name === '') problems.push('name part must be non-empty')
  else if (name.length > 63) problems.push(`name part ${tooLong(63)}`)
  if (!QUALIFIED_PATTERN.test(name)) problems.push(`name part ${pattern}`)
  return problems
}

/** A name as programming languages have them. */
export function cIdentifierProblems(value: string): string[] {
  if (C_IDENTIFIER_PATTERN.test(value)) return []
  return [
    mismatch(
      "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'",
      C_IDENTIFIER,
      'my_name',
      'MY_NAME',
      'MyName',
    ),
  ]
}
