/**
 * What is wrong with a text in the words of go-yaml, which people have seen before and look up. Two
 * parsers do not trip over the same character of every text: what has no counterpart stays as it is.
 *
 * @param reason what the parser says.
 * @param position where in the text it stopped.
 */
export function parserProblem(
  reason: string,
  text: string,
  position: number,
  maxDepth: number,
): string {
  if (reason.startsWith('nesting exceeded')) return `exceeded max depth of ${maxDepth}`
  if (reason.startsWith('bad indentation of a mapping entry')) {
    return PROBLEMS_AT[text.charAt(position)] ?? 'did not find expected key'
  }
  if (/flow collection|deficient indentation/.test(reason)) {
    return flowProblem(text.slice(0, position).trimEnd())
  }
  return PROBLEMS.find(([pattern]) => pattern.test(reason))?.[1] ?? reason
}

/** What go-yaml misses after the beginning of a list or map in brackets. */
function flowProblem(before: string): string {
  if (/[[{,]$/.test(before)) return 'did not find expected node content'
  // Which bracket is open: the last one that nothing has closed.
  let closed = 0
  for (let at = before.length - 1; at >= 0; at--) {
    const char = before.charAt(at)
    if (char === ']' || char === '}') closed++
    else if ((char === '[' || char === '{') && closed-- === 0) {
      return `did not find expected ',' or '${char === '[' ? ']' : '}'}'`
    }
  }
  return "did not find expected ',' or ']'"
}

const NO_TOKEN = 'found character that cannot start any token'

const PROBLEMS_AT: Readonly<Record<string, string>> = {
  ':': 'mapping values are not allowed in this context',
  '-': 'block sequence entries are not allowed in this context',
  '@': NO_TOKEN,
  '`': NO_TOKEN,
  '%': NO_TOKEN,
}

const PROBLEMS: readonly (readonly [reason: RegExp, problem: string])[] = [
  [/tab characters must not be used/, NO_TOKEN],
  [/non-printable|valid JSON character|null byte/, 'control characters are not allowed'],
  [/end of the (stream|document) within/, 'found unexpected end of stream'],
  [/bad indentation of a sequence entry/, "did not find expected '-' indicator"],
  [/multiline key|expected ':' after|expected after the key/, "could not find expected ':'"],
  [/document separator is expected/, 'did not find expected <document start>'],
  [/unknown escape sequence/, 'found unknown escape character'],
  [/hexadecimal character/, 'did not find expected hexdecimal number'],
  [/undeclared tag handle/, 'found undefined tag handle'],
]
