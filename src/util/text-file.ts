/** A text without the byte order mark that editors of some systems put in front of it. */
export function withoutByteOrderMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text
}
