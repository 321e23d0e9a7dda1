import {Command} from '@oclif/core/command'
import {Config} from '@oclif/core/config'
import type {Interfaces} from '@oclif/core'
import {dns1123LabelProblems} from '../api/name-rules.ts'
import {KntoolError} from '../errors/kntool-error.ts'
import {UsageErrors} from '../errors/usage-errors.ts'
import {isUnforeseen} from '../operations/blame-server.ts'
import {connect} from '../operations/connect.ts'
import type {Connection} from '../operations/connection.ts'
import {renderWarnings} from '../ui/warning-text.ts'
import {configFilePath, findConfigFile, readConfigFile} from './config/config-file.ts'
import {fromConfigFile, fromEnvironment} from './flags/flag-sources.ts'
import {clusterFlags} from './flags/common-flags.ts'
import {type FlagSpec, type Occurrence, parseArgv, splitList} from './parse-argv.ts'
import {interruption} from './interruption.ts'
import type {CommandPreview} from './preview-command.ts'
import {type PreviewFlagValues, previewMode} from './flags/preview-flags.ts'
import {connectToTarget} from './flags/target-flags.ts'
import {usageError} from './usage-error.ts'
import {visibleText} from '../util/visible-text.ts'
import {writeError} from './write-error.ts'

/** The flags of a command that talks to a cluster. */
export interface ClusterFlagValues {
  readonly kubeconfig?: string | undefined
  readonly context?: string | undefined
  readonly cluster?: string | undefined
  readonly embedded?: boolean | undefined
  readonly as?: string | undefined
  readonly 'as-uid'?: string | undefined
  readonly 'as-group'?: string[] | undefined
  readonly 'log-http'?: boolean | undefined
  readonly namespace?: string | undefined
  readonly target?: string | undefined
}

/** What a command has to know of the program it belongs to. */
export interface ProgramInfo {
  readonly root: string
  readonly pjson: Config['pjson']
  /** Is told what `--output` is, wherever it came from; empty without. */
  readonly onOutput?: (format: string) => void
}

/**
 * What all commands share: the grammar of the command line, the connection, the streams.
 *
 * A command parses, calls one operation and renders what it returns; errors are rendered by `main`.
 */
export abstract class BaseCommand extends Command {
  static override baseFlags = clusterFlags

  /** What is said when the arguments are too few or too many, as kn says it. */
  static argumentsNeeded: string | undefined

  /** The uses of flags in the order in which they were given; after `parse`. */
  protected given: readonly Occurrence[] = []

  /** Whether any flag is on the command line itself; after `parse`. */
  protected isTyped = false

  /** Aborts when the user interrupts or nobody reads the output any more. */
  protected readonly signal: AbortSignal = interruption.signal

  readonly #connections: Connection[] = []
  /** Of the server, kept until the end, when all of them can be said together. */
  readonly #warnings: string[] = []
  #preview: CommandPreview | undefined
  #program: ProgramInfo | undefined
  #quiet = false
  /** Whether results are for programs that read every character. */
  #isVerbatim = false

  /** Runs the command with the words that follow its name. */
  static async execute<T extends BaseCommand>(
    this: new (argv: string[], config: Interfaces.Config) => T,
    argv: string[],
    program: ProgramInfo,
  ): Promise<void> {
    const command = new this(argv, lightConfig(program))
    command.#program = program
    await command._run()
  }

  /** Whether a flag was given, on the command line or by its variable. */
  protected wasGiven(name: string): boolean {
    return this.given.some((use) => use.name === name)
  }

  protected override async parse<
    F extends Interfaces.OutputFlags<F>,
    B extends Interfaces.OutputFlags<B>,
    A extends Interfaces.OutputArgs<A>,
  >(
    options?: Interfaces.Input<F, B, A>,
    argv: string[] = this.argv,
  ): Promise<Interfaces.ParserOutput<F, B, A>> {
    const input = options ?? (this.ctor as unknown as Interfaces.Input<F, B, A>)
    const definitions = {...input.baseFlags, ...input.flags} as Record<string, FlagDefinition>
    const words = parseArgv(argv, definitions, {command: this.#commandPath()})
    this.isTyped = words.occurrences.length > 0
    this.given = await this.#complete(words.occurrences, definitions)
    this.parsed = true
    const argDefinitions = Object.entries((input.args ?? {}) as Record<string, {default?: unknown}>)
    const flags = await this.#flagValues(definitions, this.given)
    this.#quiet = flags['quiet'] === true
    this.#isVerbatim = isVerbatim(flags['output'], flags['template'])
    this.#program?.onOutput?.(typeof flags['output'] === 'string' ? flags['output'] : '')
    // What is not written, or written to a file, does not get ready. A plan of an installation is no
    // preview: it says of every step itself what would become of it.
    const isPreview = Object.hasOwn(definitions, 'diff') && previewMode(flags) !== undefined
    if (isPreview || flags['target']) flags['wait'] = false
    this.#checkArguments(words.args, input)
    return {
      flags,
      args: Object.fromEntries(
        argDefinitions.map(([name, {default: preset}], index) => [
          name,
          words.args[index] ?? preset,
        ]),
      ),
      argv: [...words.args],
      raw: [],
      metadata: {flags: {}},
      nonExistentFlags: [],
    } as unknown as Interfaces.ParserOutput<F, B, A>
  }

  /**
   * Connects to the cluster the flags choose; closed when the command ends. With `--dry-run` or
   * `--diff`, what is written through the connection is only shown. To `look`, no cluster is started:
   * throws `KN_NOT_FOUND` where none runs.
   */
  protected async connect(
    flags: ClusterFlagValues & PreviewFlagValues,
    purpose: 'look' | 'read' | 'write',
  ): Promise<Connection & {namespace: string}> {
    checkNamespace(flags.namespace)
    const connection = flags.target
      ? await connectToTarget(flags.target, flags)
      : await connect({
          kubeconfig: flags.kubeconfig,
          context: flags.context,
          cluster: flags.cluster,
          embedded: flags.embedded,
          impersonation: {user: flags.as, uid: flags['as-uid'], groups: flags['as-group']},
          purpose: purpose === 'look' ? 'read' : purpose,
          running: purpose === 'look',
          interruption: this.signal,
          env: process.env,
          userAgent: `${this.config.name}/${this.config.version}`,
          onWarning: (text) => this.#warnings.push(text),
          onNotice: (text) => this.note(text),
          ...(flags['log-http'] && {onRequest: (text: string) => this.note(text)}),
        })
    this.#connections.push(connection)
    const namespace = flags.namespace || connection.namespace
    const mode = previewMode(flags)
    if (mode === undefined) return {...connection, namespace}
    const {previewCommand} = await import('./preview-command.ts')
    this.#preview = previewCommand(connection.client, mode, flags)
    return {...connection, namespace, client: this.#preview.client}
  }

  /** Writes a result: a text that ends in a newline, or an empty one. A preview has its own. */
  protected print(text: string): void {
    if (this.#preview && !this.#preview.hasDocument) return
    process.stdout.write(this.#isVerbatim ? text : visibleText(text))
  }

  /** Writes a line that is not a result. */
  protected note(text: string): void {
    if (!this.#quiet) writeError(`${text}\n`)
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    if (error === undefined) this.#preview?.write()
    await Promise.all(this.#connections.map((connection) => connection.close()))
    if (!this.#quiet) writeError(renderWarnings(this.#warnings))
    await super.finally(error)
  }

  // oclif's own prepares debug messages, which takes longer than most commands.
  protected override async init(): Promise<void> {}

  // Rendered by `main`, which also knows the errors of commands that could not be loaded.
  protected override async catch(error: Error): Promise<void> {
    for (const {blame} of isUnforeseen(error) ? this.#connections : []) {
      const blamed = await blame?.(error)
      if (blamed !== undefined) throw blamed
    }
    throw error
  }

  /** The uses of flags with those from the environment and the configuration file, which come first. */
  async #complete(
    given: readonly Occurrence[],
    specs: Record<string, FlagDefinition>,
  ): Promise<Occurrence[]> {
    const command = {words: (this.id ?? '').replaceAll(':', ' '), specs}
    const namesOf = (uses: readonly Occurrence[]) => new Set(uses.map(({name}) => name))
    const known = [...fromEnvironment(command, process.env, namesOf(given)), ...given]
    const last = (flag: string): string | undefined => {
      const value = known.findLast(({name}) => name === flag)?.value
      return typeof value === 'string' ? value : undefined
    }
    const path = last('config') ?? (process.env['KNTOOL_CONFIG'] || findConfigFile(process.env))
    const profile = last('config-profile') ?? (process.env['KNTOOL_CONFIG_PROFILE'] || undefined)
    if (path === undefined) {
      if (profile === undefined) return known
      const where = configFilePath(process.env)
      throw usageError(`there is no profile "${profile}", and no ${where}`, this.#commandPath())
    }
    const presets = fromConfigFile(command, await readConfigFile(path), profile, namesOf(known))
    return [...presets, ...known]
  }

  #commandPath(): string {
    return `${this.config.bin} ${(this.id ?? '').replaceAll(':', ' ')}`
  }

  async #flagValues(
    definitions: Record<string, FlagDefinition>,
    occurrences: readonly Occurrence[],
  ): Promise<Record<string, unknown>> {
    const values: Record<string, unknown> = {}
    const errors = new UsageErrors()
    for (const {name, value} of occurrences) {
      const definition = definitions[name]
      if (definition?.multiple && typeof value === 'string') {
        const parts = definition.delimiter === ',' ? splitList(value) : [value]
        values[name] = [...((values[name] as string[] | undefined) ?? []), ...parts]
      } else if (typeof value === 'string' && definition?.parse !== undefined) {
        const parsed = definition.parse(value, this, {...definition, name})
        values[name] = await parsed.catch((error: unknown) => errors.add(error))
      } else {
        values[name] = value
      }
    }
    errors.throwAny()
    for (const [name, {default: preset}] of Object.entries(definitions)) {
      if (values[name] === undefined && preset !== undefined) values[name] = preset
    }
    return values
  }

  #checkArguments(
    args: readonly string[],
    input: {strict?: boolean | undefined; args?: object | undefined},
  ): void {
    const known = Object.values((input.args ?? {}) as Record<string, {required?: boolean}>)
    const needed = known.filter(({required}) => required).length
    const tooMany = input.strict !== false && args.length > known.length
    if (args.length >= needed && !tooMany) return
    const {argumentsNeeded} = this.ctor as typeof BaseCommand
    const surplus = args.slice(known.length).join(' ')
    throw usageError(
      argumentsNeeded ?? (tooMany ? `unexpected argument: ${surplus}` : 'an argument is missing'),
      this.#commandPath(),
    )
  }
}

/** YAML has escapes of its own; what a template makes is shown safely where somebody looks at it. */
function isVerbatim(output: unknown, template: unknown): boolean {
  if (output === 'yaml') return true
  const format = typeof output === 'string' ? output : ''
  const isTemplate = template !== undefined || /^(?:go-template|jsonpath)/.test(format)
  return isTemplate && !process.stdout.isTTY
}

function checkNamespace(namespace: string | undefined): void {
  const [problem] = namespace ? dns1123LabelProblems(namespace) : []
  if (problem === undefined) return
  throw new KntoolError('KN_USAGE', `invalid --namespace "${namespace}": ${problem}`)
}

/**
 * What a command needs of oclif's configuration. The whole of it (plugins, shell, themes) takes
 * half as long to load as Node itself, and serves only help.
 */
function lightConfig({root, pjson}: ProgramInfo): Config {
  return Object.assign(new Config({root, pjson}), {
    root,
    pjson,
    name: pjson.name,
    bin: pjson.oclif.bin,
    version: pjson.version,
    userAgent: `${pjson.name}/${pjson.version}`,
    topicSeparator: ' ' as const,
  })
}

interface FlagDefinition extends FlagSpec {
  readonly default?: unknown
  readonly parse?: (text: string, context: unknown, options: unknown) => Promise<unknown>
}
