/** What may be a secret wherever it stands, whoever said it. */
const PATTERNS: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, '$1 ***'],
  [/\b([a-z][a-z\d+.-]*:\/\/)[^\s/@"']+@/gi, '$1***@'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '***'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '***'],
  [/\b((?:AKIA|ASIA)[A-Z\d]{4})[A-Z\d]{12}\b/g, '$1***'],
  [
    /((?:token|password|passwd|secret|secret_?access_?key|client-key-data|id-token|refresh-token)["']?\s*[:=]\s*["']?)[^\s"',}]{4,}/gi,
    '$1***',
  ],
]

/** Names of variables and fields whose values are secret. */
const SECRET_NAME = /token|secret|passw|private|credential|api_?key|access_?key/i

/** Shorter values are everywhere, and hidden nowhere. */
const SHORTEST = 6

/**
 * Hides secrets in what is printed: values that were read as secrets, and what looks like one.
 *
 * Everything that goes to standard error passes through {@link secretMask}.
 */
export class SecretMask {
  readonly #values = new Set<string>()

  /** Hides a value from now on, also in base64. Nothing happens for very short ones. */
  hide(value: string | undefined): void {
    if (value === undefined || value.trim().length < SHORTEST) return
    this.#values.add(value.trim())
    this.#values.add(Buffer.from(value.trim()).toString('base64'))
  }

  /** Hides a value whose name says that it is secret; a value of any other name stays. */
  hideNamed(name: string, value: unknown): void {
    if (SECRET_NAME.test(name) && typeof value === 'string') this.hide(value)
  }

  /** Hides the password of an address, however little of an address it is. */
  hideUserinfo(address: string | undefined): void {
    const [, userinfo = ''] = /^(?:[^/@]*:\/\/)?(.*)@/.exec(address ?? '') ?? []
    this.hide(userinfo)
    this.hide(userinfo.slice(userinfo.indexOf(':') + 1))
  }

  /** Hides every text in a value, as in the `data` of a Secret; words that may as well be names stay. */
  hideTexts(value: unknown): void {
    if (typeof value === 'string' && !/^[a-z]{1,11}$/.test(value)) this.hide(value)
    if (typeof value !== 'object' || value === null) return
    for (const item of Object.values(value)) this.hideTexts(item)
  }

  /** The text with `***` in the place of every secret. */
  apply(text: string): string {
    let masked = text
    for (const value of this.#values) masked = masked.replaceAll(value, '***')
    for (const [pattern, replacement] of PATTERNS) masked = masked.replace(pattern, replacement)
    return masked
  }
}

/** The one of this process: whoever reads a secret hides it. */
export const secretMask = new SecretMask()
