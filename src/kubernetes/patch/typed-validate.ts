import {isJsonObject, type JsonObject} from '../../util/json.ts'
import {quote} from '../../util/strconv.ts'
import {goPrint, goType} from '../../util/go/print.ts'
import {fieldTypeOf, shapeOf, type ListType, type MapType, type MergeType} from './merge-type.ts'
import {
  fieldElement,
  itemElement,
  ListItemError,
  printElement,
  printPath,
  type PathElement,
} from './path-element.ts'

/**
 * What keeps a configuration from being applied: fields that the schema does not declare, values
 * of the wrong type, list items that cannot be told apart. One text per problem, each with its path.
 *
 * Counterpart of structured-merge-diff `validatingObjectWalker`.
 */
export function typeProblems(value: unknown, type: MergeType): string[] {
  const walk = new ValidateWalk()
  walk.visit(value, type)
  return walk.problems
}

/** Several problems as one text, as upstream's `ValidationErrors` print themselves. */
export function printProblems(problems: readonly string[]): string {
  const [only] = problems
  if (only !== undefined && problems.length === 1) return only
  return ['errors:', ...problems.map((problem) => `  ${problem}`)].join('\n')
}

class ValidateWalk {
  readonly problems: string[] = []
  readonly #path: PathElement[] = []

  visit(value: unknown, type: MergeType): void {
    if (value === undefined || value === null) return
    switch (shapeOf(type, value)) {
      case 'scalar':
        if (type.scalar !== undefined) this.#scalar(value, type.scalar)
        break
      case 'list':
        if (!Array.isArray(value)) this.#report(`expected list, got ${goDebug(value)}`)
        else if (type.list !== undefined) this.#items(value, type.list)
        break
      case 'map':
        if (!isJsonObject(value)) this.#report(`expected map, got ${goDebug(value)}`)
        else if (type.map !== undefined) this.#fields(value, type.map)
        break
    }
  }

  #scalar(value: unknown, kind: NonNullable<MergeType['scalar']>): void {
    const problem = scalarProblem(value, kind)
    if (problem !== undefined) this.#report(problem)
  }

  #fields(value: JsonObject, type: MapType): void {
    for (const name of Object.keys(value)) {
      const field = fieldTypeOf(type, name)
      this.#path.push(fieldElement(name))
      if (field === undefined) this.#report('field not declared in schema')
      else this.visit(value[name], field)
      this.#path.pop()
      // Upstream looks no further in a map with an undeclared field.
      if (field === undefined) return
    }
  }

  #items(items: readonly unknown[], type: ListType): void {
    const seen = new Set<PathElement>()
    for (const [index, item] of items.entries()) {
      const element = this.#elementOf(item, index, type)
      if (element === undefined) return
      if (seen.has(element)) this.#report(`duplicate entries for key ${printElement(element)}`)
      seen.add(element)
      this.#path.push(element)
      this.visit(item, type.item)
      this.#path.pop()
    }
  }

  #elementOf(item: unknown, index: number, type: ListType): PathElement | undefined {
    if (type.merges === 'atomic') return `i:${index}`
    try {
      return itemElement(type, item)
    } catch (error) {
      if (!(error instanceof ListItemError)) throw error
      this.#report(`element ${index}: ${error.message}`)
      return undefined
    }
  }

  #report(problem: string): void {
    const path = printPath(this.#path)
    this.problems.push(path === '' ? problem : `${path}: ${problem}`)
  }
}

function scalarProblem(value: unknown, kind: NonNullable<MergeType['scalar']>): string | undefined {
  switch (kind) {
    case 'any':
      return typeof value === 'object' ? `expected any scalar, got ${goDebug(value)}` : undefined
    case 'string':
      return typeof value === 'string' ? undefined : `expected string, got ${goDebug(value)}`
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `expected boolean, got ${goDebug(value)}`
    case 'number':
      return typeof value === 'number'
        ? undefined
        : `expected numeric (int or float), got ${goType(value)}`
  }
}

/** How the messages show a value of the wrong type: `&value.valueUnstructured{Value:5}`. */
function goDebug(value: unknown): string {
  const shown = typeof value === 'string' ? quote(value) : goPrint(value)
  return `&value.valueUnstructured{Value:${shown}}`
}
