/** The help of a command. */

/** What a command says about itself. */
export interface CommandHelp {
  readonly id: string
  readonly summary?: string | undefined
  readonly description?: string | undefined
  /** Without the program; replaces what would be made of the arguments. */
  readonly usage?: string | undefined
  readonly args: Readonly<
    Record<string, {readonly description?: string; readonly required?: boolean | undefined}>
  >
  readonly flags: Readonly<Record<string, FlagHelp>>
  readonly examples?: readonly string[] | undefined
}

/** What is said about a flag. */
export interface FlagHelp {
  readonly type: string
  readonly char?: string | undefined
  readonly summary?: string | undefined
  readonly helpValue?: string | readonly string[] | undefined
  /** `GLOBAL` for flags that have nothing to do with what the command is about. */
  readonly helpGroup?: string | undefined
  readonly options?: readonly string[] | undefined
  readonly allowNo?: boolean | undefined
  readonly hidden?: boolean | undefined
  readonly env?: string | undefined
}

const WIDEST = 100
const INDENT = '  '

/**
 * The help of a command, in lines of at most `columns` characters.
 *
 * @example
 *   List services
 *
 *   USAGE
 *     $ kntool service list [NAME] [flags]
 *
 *   ARGUMENTS
 *     [NAME]  Name of the service
 *
 *   FLAGS
 *     -n, --namespace NAME  Namespace to work in [env: KNTOOL_NAMESPACE]
 *         --no-headers      Leave out the line of column names
 */
export function renderCommandHelp(help: CommandHelp, columns = 80): string {
  const width = Math.min(columns, WIDEST)
  const words = help.id.replaceAll(':', ' ')
  const shown = Object.entries(help.flags).filter(([, {hidden}]) => !hidden)
  const rows = (global: boolean): Row[] =>
    shown
      .filter(([, {helpGroup}]) => (helpGroup === 'GLOBAL') === global)
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, flag]) => ({term: flagTerm(name, flag), text: flagText(flag)}))
  const variable = `KNTOOL_${words.replaceAll(/[ -]/g, '_').toUpperCase()}_`
  return [
    help.summary ?? '',
    `USAGE\n${INDENT}$ kntool ${help.usage ?? usage(words, help)}`,
    ...table('ARGUMENTS', args(help), width),
    ...table('FLAGS', rows(false), width),
    ...table('GLOBAL FLAGS', rows(true), width),
    ...(help.description === undefined
      ? []
      : [`DESCRIPTION\n${indented(wrap(help.description, width - INDENT.length))}`]),
    ...examples(help),
    `Each flag can also be set by a variable: ${variable}NAMESPACE for --namespace.\n`,
  ].join('\n\n')
}

interface Row {
  readonly term: string
  readonly text: string
}

function usage(words: string, help: CommandHelp): string {
  const names = args(help).map(({term}) => term)
  return [words, ...names, '[flags]'].join(' ')
}

function args(help: CommandHelp): Row[] {
  return Object.entries(help.args).map(([name, {description = '', required}]) => ({
    term: required ? name.toUpperCase() : `[${name.toUpperCase()}]`,
    text: description,
  }))
}

function flagTerm(name: string, {type, char, helpValue, options, allowNo}: FlagHelp): string {
  const short = char === undefined ? '    ' : `-${char}, `
  if (type === 'boolean') return `${short}--${allowNo ? '[no-]' : ''}${name}`
  const value = [helpValue ?? (options ? options.join('|') : 'VALUE')].flat().join('|')
  return `${short}--${name} ${value}`
}

function flagText({summary = '', options, helpValue, env}: FlagHelp): string {
  const known = options !== undefined && helpValue !== undefined
  return [
    summary,
    ...(known ? [`(${options.join(', ')})`] : []),
    ...(env === undefined ? [] : [`[env: ${env}]`]),
  ].join(' ')
}

/** Terms in one column and texts in another; a term that is too long has its text below it. */
function table(title: string, rows: readonly Row[], width: number): string[] {
  if (rows.length === 0) return []
  const column = Math.min(Math.max(...rows.map(({term}) => term.length)), Math.floor(width / 2.5))
  const lines = rows.flatMap(({term, text}) => {
    const [first = '', ...rest] = wrap(text, width - column - 2 * INDENT.length)
    const blank = ' '.repeat(column)
    const head =
      term.length <= column
        ? [`${term.padEnd(column)}${INDENT}${first}`]
        : [term, `${blank}${INDENT}${first}`]
    return [...head, ...rest.map((line) => `${blank}${INDENT}${line}`)]
  })
  return [`${title}\n${indented(lines.map((line) => line.trimEnd()))}`]
}

function examples({examples: given = []}: CommandHelp): string[] {
  if (given.length === 0) return []
  const blocks = given.map((example) =>
    example
      .replaceAll('<%= config.bin %>', 'kntool')
      .split('\n')
      .map((line) => (line.startsWith('#') ? line : `$ ${line}`)),
  )
  return [`EXAMPLES\n${blocks.map(indented).join('\n\n')}`]
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `${INDENT}${line}`).join('\n')
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}
