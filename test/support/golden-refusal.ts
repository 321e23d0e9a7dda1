/**
 * The text of a refusal without the changes it lists: upstream prints them as Go structs in the
 * words of its own comparison, here they are fields and values as people write them.
 */
export function withoutChanges(text: string): string {
  return text.replaceAll(/^.+:\n(?:\t[-+]: .*\n)+/gm, '')
}
