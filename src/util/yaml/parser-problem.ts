/**
 * What is wrong with a text in the words of go-yaml, which people have seen before and look up. Two
 * parsers do not trip over the same character of every text: what has no counterpart stays as it is.
 *
 * @param reason what the parser says.
 * @param place the character where it stopped, empty at the end of the text, and the one before.
 */
export function parserProblem(
  reason: string,
  {at, before}: {readonly at: string; readonly before: string},
  maxDepth: number,
): string {
  if (at === '' && before === '[') return 'did not find expected node content'
  if (reason.startsWith('nesting exceeded')) return `exceeded max depth of ${maxDepth}`
  if (reason.startsWith('bad indentation of a mapping entry')) {
    return PROBLEMS_AT[at] ?? 'did not find expected key'
  }
  return PROBLEMS.find(([pattern]) => pattern.test(reason))?.[1] ?? reason
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
  [/flow collection|deficient indentation/, "did not find expected ',' or ']'"],
  [/end of the (stream|document) within/, 'found unexpected end of stream'],
  [/bad indentation of a sequence entry/, "did not find expected '-' indicator"],
  [/multiline key|expected ':' after|expected after the key/, "could not find expected ':'"],
  [/document separator is expected/, 'did not find expected <document start>'],
  [/unknown escape sequence/, 'found unknown escape character'],
  [/hexadecimal character/, 'did not find expected hexdecimal number'],
  [/undeclared tag handle/, 'found undefined tag handle'],
]
