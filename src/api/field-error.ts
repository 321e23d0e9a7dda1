/**
 * What validation has to say about fields: collected on the way up, printed once.
 *
 * Counterpart of knative.dev/pkg `apis.FieldError`.
 */
import {quote} from '../util/strconv.ts'
import {compareText} from '../util/go/compare.ts'

/** An error refuses the object, a warning only tells. */
export type FieldErrorLevel = 'error' | 'warning'

/** One thing to say about some fields. */
export interface FieldProblem {
  readonly message: string
  /** Where, relative to the value that was judged; `''` is the value itself. */
  readonly paths: readonly string[]
  readonly details: string
  readonly level: FieldErrorLevel
}

/** What is known so far. Immutable; {@link NO_FIELD_ERRORS} is the beginning of all. */
export class FieldErrors {
  readonly problems: readonly FieldProblem[]

  constructor(problems: readonly FieldProblem[]) {
    this.problems = problems
  }

  get isEmpty(): boolean {
    return this.problems.length === 0
  }

  /** These and `others`. */
  also(...others: readonly FieldErrors[]): FieldErrors {
    const more = others.filter((other) => !other.isEmpty)
    const [first] = more
    if (first === undefined) return this
    if (this.isEmpty && more.length === 1) return first
    return new FieldErrors([this, ...more].flatMap((errors) => errors.problems))
  }

  /** The same, seen from the object that holds the judged value in `field`. */
  viaField(field: string): FieldErrors {
    if (this.isEmpty) return this
    return new FieldErrors(
      this.problems.map((problem) => ({
        ...problem,
        paths: problem.paths.map((path) => joinPath(field, path)),
      })),
    )
  }

  /** The same, seen from the list that holds the judged value at `index`. */
  viaIndex(index: number): FieldErrors {
    return this.viaField(`[${index}]`)
  }

  /** The same, seen from the object whose list `field` holds the judged value at `index`. */
  viaFieldIndex(field: string, index: number): FieldErrors {
    return this.viaIndex(index).viaField(field)
  }

  /** The same, seen from the map that holds the judged value under `key`. */
  viaKey(key: string): FieldErrors {
    return this.viaField(`[${key}]`)
  }

  /** The same with another level. */
  at(level: FieldErrorLevel): FieldErrors {
    return new FieldErrors(this.problems.map((problem) => ({...problem, level})))
  }

  /** Only those of a level. */
  filter(level: FieldErrorLevel): FieldErrors {
    const problems = this.problems.filter((problem) => problem.level === level)
    if (problems.length === this.problems.length) return this
    return problems.length === 0 ? NO_FIELD_ERRORS : new FieldErrors(problems)
  }

  /** One entry per message: paths of the same message are put together, all is sorted. */
  merged(): FieldProblem[] {
    const byText = new Map<string, {problem: FieldProblem; paths: Set<string>}>()
    for (const problem of this.problems) {
      if (problem.message === '') continue
      const key = `${problem.level}-${problem.message}-${problem.details}`
      const known = byText.get(key)
      if (known === undefined) byText.set(key, {problem, paths: new Set(problem.paths)})
      else for (const path of problem.paths) known.paths.add(path)
    }
    return [...byText.values()]
      .map(({problem, paths}) => ({...problem, paths: [...paths].toSorted()}))
      .toSorted((a, b) => compareText(a.message, b.message) || compareText(a.details, b.details))
  }

  /** What people read: one line per message, its details on the lines below. */
  toString(): string {
    return this.merged().map(formatProblem).join('\n')
  }
}

/** Nothing to say. */
export const NO_FIELD_ERRORS = new FieldErrors([])

/** `message: path, path`, then the details on the next line. */
export function formatProblem(problem: FieldProblem): string {
  const text = `${problem.message}: ${problem.paths.join(', ')}`
  return problem.details === '' ? text : `${text}\n${problem.details}`
}

/** Joins by dots; an index attaches to what is before it: `foo` and `[0].bar` is `foo[0].bar`. */
function joinPath(field: string, path: string): string {
  if (path === '') return field
  const first = path.split('.', 1)[0] ?? ''
  return first.startsWith('[') && first.endsWith(']') ? field + path : `${field}.${path}`
}

/** Any message. */
export function fieldError(message: string, paths: readonly string[], details = ''): FieldErrors {
  return new FieldErrors([{message, paths, details, level: 'error'}])
}

/** Fields that must be there and are not. */
export function missingField(...paths: string[]): FieldErrors {
  return fieldError('missing field(s)', paths)
}

/** Fields that must not be there and are. */
export function disallowedFields(...paths: string[]): FieldErrors {
  return fieldError('must not set the field(s)', paths)
}

/** A value that makes no sense. */
export function invalidValue(
  value: string | number,
  path: string,
  ...details: string[]
): FieldErrors {
  return fieldError(`invalid value: ${value}`, [path], details.join(', '))
}

/** A value that makes no sense, at `index` of a list. */
export function invalidArrayValue(value: string, field: string, index: number): FieldErrors {
  return invalidValue(value, '').viaFieldIndex(field, index)
}

/** A key that makes no sense. */
export function invalidKeyName(key: string, path: string, ...details: string[]): FieldErrors {
  return fieldError(`invalid key name ${quote(key)}`, [path], details.join(', '))
}

/** A value below or above its bounds. */
export function outOfBounds(
  value: string | number,
  lower: string | number,
  upper: string | number,
  path: string,
): FieldErrors {
  return fieldError(`expected ${lower} <= ${value} <= ${upper}`, [path])
}

/** None of several fields of which one must be there. */
export function missingOneOf(...paths: string[]): FieldErrors {
  return fieldError('expected exactly one, got neither', paths)
}

/** More than one of several fields of which only one may be there. */
export function multipleOneOf(...paths: string[]): FieldErrors {
  return fieldError('expected exactly one, got both', paths)
}
