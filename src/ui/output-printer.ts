/**
 * `--output` with all the formats of kubectl and kn. Counterpart of k8s.io/cli-runtime
 * `genericclioptions.PrintFlags`.
 */
import {KntoolError} from '../errors/kntool-error.ts'
import {messageOf} from '../util/message-of.ts'
import {readTextFile} from '../util/read-text-file.ts'
import {
  type PrintableList,
  type PrintableObject,
  printDocument,
  printList,
  printObject,
} from './print-object.ts'

/** The flags that choose a printer. */
export interface PrintFlagValues {
  readonly output?: string | undefined
  readonly template?: string | undefined
  readonly 'allow-missing-template-keys'?: boolean | undefined
  readonly 'show-managed-fields'?: boolean | undefined
}

/** Prints objects and lists in one format. */
export interface OutputPrinter {
  object(object: PrintableObject): string
  list(list: PrintableList): string
  /** What is neither, and so has no name. */
  document(document: object): string
}

const PLAIN_FORMATS = ['json', 'yaml', 'name'] as const
const JSONPATH_FORMATS = ['jsonpath', 'jsonpath-as-json', 'jsonpath-file'] as const
const TEMPLATE_FORMATS = ['go-template', 'go-template-file', 'template', 'templatefile'] as const

type TemplateFormat = (typeof JSONPATH_FORMATS)[number] | (typeof TEMPLATE_FORMATS)[number]

/** What `--output` may be for every object. */
const OUTPUT_FORMAT_NAMES: readonly string[] = [
  ...PLAIN_FORMATS,
  ...JSONPATH_FORMATS,
  ...TEMPLATE_FORMATS,
]

/**
 * The printer the flags choose: one of `extra` as it is, undefined for the text of the command.
 *
 * | output                              | template | printer                              |
 * |-------------------------------------|----------|--------------------------------------|
 * | not given                           | no       | none                                 |
 * | not given                           | yes      | go-template                          |
 * | json, yaml, name, in any case       | –        | that                                 |
 * | jsonpath=TEXT, go-template=TEXT, …  | no       | that, with TEXT or what is in a file |
 * | jsonpath, go-template, …            | yes      | that, with the template              |
 *
 * Templates are parsed here, so that a wrong one fails before anything is asked or written. Throws
 * `KN_USAGE`.
 */
export async function chooseOutputPrinter<E extends string = never>(
  flags: PrintFlagValues,
  ...extra: E[]
): Promise<OutputPrinter | E | undefined> {
  const {template} = flags
  const output = flags.output ?? (template ? 'go-template' : undefined)
  if (output === undefined) return undefined
  const plain = output.toLowerCase()
  const own = extra.find((name) => name === plain)
  if (own !== undefined) return own
  const format = PLAIN_FORMATS.find((name) => name === plain)
  if (format !== undefined) {
    const options = {managedFields: flags['show-managed-fields'] ?? false}
    return {
      object: (object) => printObject(object, format, options),
      list: (list) => printList(list, format, options),
      document: (document) => (format === 'name' ? '' : printDocument(document, format)),
    }
  }
  return templatePrinter(output, flags, extra)
}

async function templatePrinter(
  output: string,
  flags: PrintFlagValues,
  extra: readonly string[],
): Promise<OutputPrinter> {
  const equals = flags.template ? -1 : output.indexOf('=')
  const name = equals < 0 ? output : output.slice(0, equals)
  const format = [...JSONPATH_FORMATS, ...TEMPLATE_FORMATS].find((known) => known === name)
  if (format === undefined) throw unknownFormat(output, extra)
  const source = flags.template || (equals < 0 ? '' : output.slice(equals + 1))
  if (source === '') throw usage('template format specified but no template given')
  const text = format.endsWith('file') ? await readTemplate(source) : source
  const allowMissingKeys = flags['allow-missing-template-keys'] ?? true
  const print = await parseTemplate(format, text, allowMissingKeys)
  // Fields in alphabetical order are what a Go map would give.
  return {object: print, list: print, document: print}
}

async function parseTemplate(
  format: TemplateFormat,
  text: string,
  allowMissingKeys: boolean,
): Promise<(data: object) => string> {
  // Imported on use: few commands print by a template.
  if (format.startsWith('jsonpath')) {
    const {JsonPath} = await import('./jsonpath/jsonpath.ts')
    const path = orUsage(`error parsing jsonpath ${text}, `, () => {
      return new JsonPath(text, {allowMissingKeys})
    })
    return (data) =>
      executing('jsonpath', text, () =>
        format === 'jsonpath-as-json' ? path.toJson(data) : path.toText(data),
      )
  }
  const {parsePrintTemplate} = await import('./go-template/print-template.ts')
  const template = orUsage(`error parsing template ${text}, `, () =>
    parsePrintTemplate(text, {allowMissingKeys}),
  )
  return (data) => executing('template', text, () => template.execute(data))
}

function executing(what: string, text: string, run: () => string): string {
  try {
    return run()
  } catch (error) {
    throw new KntoolError(
      'KN_FAILED',
      `error executing ${what} ${JSON.stringify(text)}: ${messageOf(error)}`,
      {
        hint: 'See what there is: the same command with -o json',
        details: {template: text},
      },
    )
  }
}

async function readTemplate(path: string): Promise<string> {
  try {
    return await readTextFile(path)
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    const reason = missing ? `open ${path}: no such file or directory` : messageOf(error)
    throw usage(`error reading --template ${path}, ${reason}`)
  }
}

function orUsage<T>(prefix: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw usage(`${prefix}${messageOf(error)}`)
  }
}

function unknownFormat(output: string, extra: readonly string[]): KntoolError {
  const known = [...OUTPUT_FORMAT_NAMES, ...extra].toSorted()
  return usage(
    `unable to match a printer suitable for the output format "${output}", ` +
      `allowed formats are: ${known.join(',')}`,
  )
}

function usage(message: string): KntoolError {
  return new KntoolError('KN_USAGE', message)
}
