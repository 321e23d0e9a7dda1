/**
 * What commands need of oclif while they run, put in its place by the bundler: most of oclif is never
 * called, since `BaseCommand` has its own parser and help its own text, but it would be half of what
 * a start costs. The build, the docs and programs run from their sources have the real one.
 */

type Options = Readonly<Record<string, unknown>>

/** `Flags.string` and `Args.string`. */
export function string(options: Options = {}): object {
  return {type: 'option', ...options}
}

/** `Flags.boolean`. */
export function boolean(options: Options = {}): object {
  return {type: 'boolean', ...options}
}

/** `Flags.option`: a flag with a fixed set of values. */
export function option(defaults: Options): (options?: Options) => object {
  return custom(defaults)
}

/** `Flags.custom`: a flag with a parser of its own. */
export function custom(defaults: Options): (options?: Options) => object {
  return (options = {}) => ({type: 'option', ...defaults, ...options})
}

/** `Config`, whose fields `BaseCommand` sets itself. */
export class Config {}

/** `Command`: the course of a run. */
export abstract class Command {
  static id: string
  readonly argv: string[]
  readonly config: Config
  readonly id: string
  protected parsed = false

  constructor(argv: string[], config: Config) {
    this.argv = argv
    this.config = config
    this.id = this.ctor.id
  }

  get ctor(): typeof Command {
    return this.constructor as typeof Command
  }

  abstract run(): Promise<unknown>

  async _run(): Promise<void> {
    let failure: unknown
    try {
      await this.init()
      await this.run()
    } catch (error) {
      failure = error
      await this.catch(error)
    } finally {
      await this.finally(failure)
    }
  }

  protected async init(): Promise<void> {}

  protected async catch(error: unknown): Promise<void> {
    throw error
  }

  protected async finally(error: unknown): Promise<void> {
    void error
  }
}
