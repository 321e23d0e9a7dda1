/**
 * Go's `text/template`, as far as ConfigMaps of Knative (host names, container names, request logs)
 * and `-o go-template` use it.
 *
 * Not there: `define`, `template`, `block`, `break`, `continue`, `call`, methods of values.
 */
import {messageOf} from '../message-of.ts'
import {quote} from '../strconv.ts'
import {
  FUNCTION_NAMES,
  FUNCTIONS,
  GoStruct,
  isTruthy,
  printValue,
  type TemplateFunction,
  typeName,
} from './functions.ts'
import type {Command, Node, Operand, Pipeline} from './nodes.ts'
import {parseTemplate} from './parser.ts'

export {GoStruct} from './functions.ts'

/** What a program adds to templates. */
export interface GoTemplateOptions {
  /** More functions; they come before those every template has. */
  readonly functions?: Readonly<Record<string, TemplateFunction>>
  /** `error`: a key that a map does not have is an error; else it has no value. */
  readonly missingKey?: 'default' | 'error'
  /** How many steps and characters one execution may come to; without it, any number. */
  readonly maxCost?: number
}

/** A parsed template. Immutable; may be executed any number of times. */
export class GoTemplate {
  readonly #name: string
  readonly #text: string
  readonly #nodes: readonly Node[]
  readonly #options: GoTemplateOptions

  /**
   * Parses `text`.
   *
   * @throws Error `template: NAME:LINE: …` with the text of Go.
   */
  constructor(name: string, text: string, options: GoTemplateOptions = {}) {
    this.#name = name
    this.#text = text
    this.#options = options
    const names = new Set([...FUNCTION_NAMES, ...Object.keys(options.functions ?? {})])
    this.#nodes = parseTemplate(name, text, names)
  }

  /**
   * The output for `data`: a {@link GoStruct}, or a plain object as a map.
   *
   * @throws Error `template: NAME:LINE:COLUMN: executing …` with the text of Go.
   */
  execute(data: unknown): string {
    return new Execution(this.#name, this.#text, data, this.#options).run(this.#nodes)
  }
}

class Execution {
  readonly #name: string
  readonly #text: string
  readonly #variables: {name: string; value: unknown}[]
  readonly #functions: Readonly<Record<string, TemplateFunction>>
  readonly #missingKey: 'default' | 'error'
  #dot: unknown
  #output = ''
  #costLeft: number

  constructor(name: string, text: string, data: unknown, options: GoTemplateOptions) {
    this.#name = name
    this.#text = text
    this.#functions = {...FUNCTIONS, ...options.functions}
    this.#missingKey = options.missingKey ?? 'default'
    this.#costLeft = options.maxCost ?? Infinity
    this.#dot = data
    this.#variables = [{name: '$', value: data}]
  }

  run(nodes: readonly Node[]): string {
    this.#walk(nodes)
    return this.#output
  }

  #walk(nodes: readonly Node[]): void {
    for (const node of nodes) {
      this.#charge(1)
      if (node.kind === 'text') this.#write(node.text)
      else if (node.kind === 'action') {
        const value = this.#pipeline(node.pipeline)
        if (node.pipeline.variables.length === 0) this.#write(printValue(value))
      } else this.#control(node)
    }
  }

  #write(text: string): void {
    this.#charge(text.length)
    this.#output += text
  }

  #charge(cost: number): void {
    this.#costLeft -= cost
    if (this.#costLeft < 0) {
      throw new Error(
        `template: ${this.#name}: the template takes too many steps, or makes too much`,
      )
    }
  }

  #control(node: Extract<Node, {kind: 'if' | 'with' | 'range'}>): void {
    const depth = this.#variables.length
    const dot = this.#dot
    const value = this.#pipeline(node.pipeline)
    if (!isTruthy(value)) this.#walk(node.otherwise)
    else if (node.kind === 'range') this.#range(node, value)
    else {
      if (node.kind === 'with') this.#dot = value
      this.#walk(node.body)
    }
    this.#dot = dot
    this.#variables.length = depth
  }

  #range(node: Extract<Node, {kind: 'if' | 'with' | 'range'}>, value: unknown): void {
    for (const [key, item] of this.#entries(node.pipeline, value)) {
      const names = node.pipeline.variables
      const [first, second] = names.length > 1 ? [key, item] : [item, undefined]
      const depth = this.#variables.length
      if (names[0] !== undefined) this.#variables.push({name: names[0], value: first})
      if (names[1] !== undefined) this.#variables.push({name: names[1], value: second})
      this.#dot = item
      this.#walk(node.body)
      this.#variables.length = depth
    }
  }

  #entries(pipeline: Pipeline, value: unknown): Iterable<[unknown, unknown]> {
    if (Array.isArray(value)) return value.entries()
    if (typeof value === 'object' && value !== null && !(value instanceof GoStruct)) {
      return Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
    }
    throw this.#error(pipeline, `range can't iterate over ${printValue(value)}`)
  }

  #pipeline(pipeline: Pipeline): unknown {
    let value: unknown
    let piped: unknown[] = []
    for (const command of pipeline.commands) {
      value = this.#command(command, piped)
      piped = [value]
    }
    for (const name of pipeline.variables) {
      const known = pipeline.declares
        ? undefined
        : this.#variables.findLast((variable) => variable.name === name)
      if (known === undefined) this.#variables.push({name, value})
      else known.value = value
    }
    return value
  }

  #command(command: Command, piped: readonly unknown[]): unknown {
    const first = command.operands[0]
    if (first === undefined) return undefined
    if (first.kind === 'function') return this.#call(first, command, piped)
    if (command.operands.length > 1 || piped.length > 0) {
      if (first.kind === 'nil') throw this.#error(first, 'nil is not a command')
      throw this.#error(first, `can't give argument to non-function ${first.source}`)
    }
    if (first.kind === 'nil') throw this.#error(first, 'nil is not a command')
    return this.#value(first)
  }

  #call(
    callee: Extract<Operand, {kind: 'function'}>,
    command: Command,
    piped: readonly unknown[],
  ): unknown {
    const {name} = callee
    const operands = command.operands.slice(1)
    if (name === 'and' || name === 'or') return this.#shortCircuit(name, operands, piped)
    const run = this.#functions[name]
    if (run === undefined) throw this.#error(callee, `${quote(name)} is not a defined function`)
    const args = [...operands.map((operand) => this.#value(operand)), ...piped]
    if (args.length < run.length) {
      const wanted = `want ${run.length} got ${args.length}`
      throw this.#error(callee, `wrong number of args for ${name}: ${wanted}`)
    }
    let result: unknown
    try {
      result = run(...args)
    } catch (error) {
      const why = messageOf(error)
      throw this.#error(command, `error calling ${name}: ${why}`)
    }
    this.#charge(typeof result === 'string' ? 1 + result.length : 1)
    return result
  }

  #shortCircuit(
    name: 'and' | 'or',
    operands: readonly Operand[],
    piped: readonly unknown[],
  ): unknown {
    let value: unknown
    for (const operand of operands) {
      value = this.#value(operand)
      if (isTruthy(value) === (name === 'or')) return value
    }
    return piped.length > 0 ? piped[0] : value
  }

  #value(operand: Operand): unknown {
    switch (operand.kind) {
      case 'dot':
        return this.#dot
      case 'nil':
        return undefined
      case 'literal':
        return operand.value
      case 'field':
        return this.#fields(operand, this.#dot, operand.path)
      case 'variable': {
        const known = this.#variables.findLast((variable) => variable.name === operand.name)
        return this.#fields(operand, known?.value, operand.path)
      }
      case 'chain':
        return this.#fields(operand, this.#pipeline(operand.pipeline), operand.path)
      case 'function':
        return this.#call(operand, {...operand, operands: [operand]}, [])
    }
  }

  #fields(operand: Operand, from: unknown, path: readonly string[]): unknown {
    let value = from
    for (const field of path) {
      if (value instanceof GoStruct && Object.hasOwn(value.fields, field)) {
        value = value.fields[field]
      } else if (value === undefined || value === null) {
        // A missing entry of a map, or a nil map: Go goes on with no value.
        value = undefined
      } else if (typeof value === 'object' && !(value instanceof GoStruct)) {
        const known = Object.hasOwn(value, field)
        if (!known && this.#missingKey === 'error') {
          throw this.#error(operand, `map has no entry for key ${quote(field)}`)
        }
        value = known ? Reflect.get(value, field) : undefined
      } else {
        const type = typeName(value)
        throw this.#error(operand, `can't evaluate field ${field} in type ${type}`)
      }
    }
    return value
  }

  #error(at: {position: number; source: string}, message: string): Error {
    const before = this.#text.slice(0, at.position)
    const line = before.split('\n').length
    const column = at.position - (before.lastIndexOf('\n') + 1)
    const where = `${this.#name}:${line}:${column}`
    return new Error(
      `template: ${where}: executing ${quote(this.#name)} at <${at.source}>: ${message}`,
    )
  }
}
