/**
 * Everything that a terminal obeys instead of showing it: C0 without tab and line feed, DEL, C1, and what
 * changes the direction of writing or breaks a line unseen.
 */
const UNSEEN =
  // eslint-disable-next-line no-control-regex -- control characters are what it is about
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

/** The start of a colour or style, which changes nothing but looks. */
// eslint-disable-next-line no-control-regex -- likewise
const STYLE = /(\u001b\[[\d;]*m)/

/**
 * A text in which control characters are visible, as `\u001b`: for whatever comes from a server or a
 * program and goes to a terminal. In a JSON document the result means the same as before.
 */
export function visibleText(text: string): string {
  return text.replace(UNSEEN, escape)
}

/** The same for a line of a log, in which programs may use colours. */
export function visibleLogLine(text: string): string {
  return text
    .split(STYLE)
    .map((part, index) => (index % 2 === 1 ? part : visibleText(part)))
    .join('')
}

/** Whether a text has anything that {@link visibleText} would change. */
export function hasUnseen(text: string): boolean {
  return text.search(UNSEEN) >= 0
}

function escape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
}
