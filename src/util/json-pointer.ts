/**
 * The reference tokens of a JSON pointer (RFC 6901); empty for the whole document.
 *
 * Differs from RFC 6901: what stands before the first slash is ignored instead of refused, as
 * evanphx/json-patch does.
 */
export function parseJsonPointer(pointer: string): string[] {
  return pointer.split('/').slice(1).map(unescapeToken)
}

/** The JSON pointer that {@link parseJsonPointer} reads as `tokens`. */
export function formatJsonPointer(tokens: readonly string[]): string {
  return tokens.map((token) => `/${escapeToken(token)}`).join('')
}

// `~1` first: `~01` is a tilde followed by a one, never a slash (RFC 6901, section 4).

function unescapeToken(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~')
}

function escapeToken(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1')
}
