/** What is shown of a flag. */
export interface ShownFlag {
  readonly char?: string | undefined
  readonly type: string
  readonly multiple?: boolean | undefined
  readonly summary?: string | undefined
  readonly hidden?: boolean | undefined
}

/**
 * Flags as kn lists those of all commands.
 *
 * @example
 *   The following options can be passed to any command:
 *
 *         --as string              User to act as
 *     -h, --help                   Help for the command
 */
export function renderOptions(flags: Readonly<Record<string, ShownFlag>>): string {
  const help: ShownFlag = {char: 'h', type: 'boolean', summary: 'Help for the command'}
  const rows = Object.entries({...flags, help})
    .filter(([, {hidden}]) => hidden !== true)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, flag]) => ({label: labelOf(name, flag), summary: flag.summary ?? ''}))
  const width = Math.max(...rows.map(({label}) => label.length)) + 3
  const lines = rows.map(({label, summary}) => `${label.padEnd(width)}${summary}\n`)
  return `The following options can be passed to any command:\n\n${lines.join('')}`
}

function labelOf(name: string, {char, type, multiple}: ShownFlag): string {
  const short = char === undefined ? '      ' : `  -${char}, `
  if (type === 'boolean') return `${short}--${name}`
  return `${short}--${name} ${multiple ? 'stringArray' : 'string'}`
}
