/** `-o jsonpath`: kubectl's templates, filled from an object. */
import {formatFloat} from '../../util/strconv.ts'
import {goJson, sortedJson} from '../../util/go/json.ts'
import {evaluateJsonPath, type JsonPathOptions} from './evaluate.ts'
import type {TemplateNode} from './nodes.ts'
import {parseJsonPath} from './parser.ts'

/** A parsed template, which may be executed any number of times. */
export class JsonPath {
  readonly #nodes: readonly TemplateNode[]
  readonly #options: JsonPathOptions

  /** Parses a template. Throws an Error with kubectl's text. */
  constructor(text: string, options: JsonPathOptions) {
    this.#nodes = parseJsonPath(text)
    this.#options = options
  }

  /** What is found, as text: several values of one part with spaces between, no newline at the end. */
  toText(data: unknown): string {
    return this.#find(data)
      .map((values) => values.map(printResult).join(' '))
      .join('')
  }

  /** What is found, as JSON: one list for each part of the template. */
  toJson(data: unknown): string {
    return this.#find(data)
      .map((values) => `${goJson(sortedJson(values), 4)}\n`)
      .join('')
  }

  #find(data: unknown): unknown[][] {
    return evaluateJsonPath(this.#nodes, data, this.#options)
  }
}

function printResult(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') {
    return Number.isInteger(value) ? String(value) : formatFloat(value)
  }
  if (typeof value === 'boolean') return String(value)
  return value === null || value === undefined ? 'null' : goJson(sortedJson(value))
}
