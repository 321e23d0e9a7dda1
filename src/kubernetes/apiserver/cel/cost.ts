import {type CelMap, type CelValue, isList} from './values.ts'

/**
 * What one evaluation may cost, in the units of cel-go: about one for each step. Upstream allows as
 * much for one rule and ten times as much for one object.
 */
const COST_LIMIT = 1_000_000

/** More was asked for than an expression may cost. No operator makes up for it. */
export class CelCostError extends Error {
  override readonly name = 'CelCostError'

  constructor() {
    super('operation cancelled: actual cost limit exceeded')
  }
}

/** What is left to spend. */
export class CelBudget {
  #left: number

  constructor(limit = COST_LIMIT) {
    this.#left = limit
  }

  /** Takes away what the next step costs, before it is made. Throws a {@link CelCostError}. */
  charge(units: number): void {
    this.#left -= units
    if (this.#left < 0) throw new CelCostError()
  }
}

/** Of going round once in `all`, `map` and the like, what is done in it apart. */
export const ITERATION_COST = 4

/** Of an error that another operand or item may make up for: to note where it came from takes long. */
export const ERROR_COST = 100

/** Texts are gone through faster than lists. */
const UNITS_PER_CHARACTER = 0.1
/** Unless they are taken apart. */
const UNITS_PER_RUNE = 2
/** Of a pattern, each character costs what a quarter of one of the text does. */
const UNITS_PER_PATTERN_CHARACTER = 0.25
const FIND_FACTOR = 10

/** To understand a pattern that is made while evaluating: literal ones are understood once. */
export function patternCost(name: string, pattern: CelValue): number {
  if (!PATTERN_FUNCTIONS.has(name) || typeof pattern !== 'string') return 0
  return PATTERN_COST + pattern.length * PATTERN_CHARACTER_COST
}

const PATTERN_FUNCTIONS = new Set(['matches', 'find', 'findAll'])
const PATTERN_COST = 500
const PATTERN_CHARACTER_COST = 50

/** What a function costs with these operands. */
export function callCost(name: string, operands: readonly CelValue[]): number {
  const [first = null, second = null] = operands
  const size = operands.reduce<number>((sum, operand) => sum + sizeOf(operand), 1)
  switch (name) {
    // Where something is found takes longer to say than whether it is.
    case 'find':
      return FIND_FACTOR * size * Math.max(1, length(second) * UNITS_PER_PATTERN_CHARACTER)
    case 'matches':
      return size * Math.max(1, length(second) * UNITS_PER_PATTERN_CHARACTER)
    // Each find may look at the whole rest of the text.
    case 'findAll':
      return size + length(first) ** 2 * UNITS_PER_CHARACTER
    // Each item is compared with each other.
    case 'distinct':
      return size + length(first) ** 2
    case 'sort':
      return size * Math.max(1, Math.log2(size))
    // Sums of texts and lists grow as they are made.
    case 'sum':
      return size + (isList(first) ? joinedSize(first) * first.length : 0)
    case 'join':
      return size + (isList(first) ? joinedSize(first) + first.length * sizeOf(second) : 0)
    // As long as it gets when the part is found everywhere.
    case 'replace': {
      const most = length(first) / Math.max(1, length(second)) + 1
      return size + most * (UNITS_PER_RUNE + sizeOf(operands[2] ?? null))
    }
    case 'charAt':
    case 'indexOf':
    case 'lastIndexOf':
    case 'reverse':
    case 'split':
    case 'substring':
      return size + length(first) * UNITS_PER_RUNE
    default:
      return size
  }
}

/** What it costs to go through a value once, without what is in its items. */
export function sizeOf(value: CelValue): number {
  if (typeof value === 'string') return value.length * UNITS_PER_CHARACTER
  return isList(value) || value instanceof Map ? length(value) : 0
}

function length(value: CelValue): number {
  if (typeof value === 'string' || isList(value)) return value.length
  return value instanceof Map ? (value as CelMap).size : 0
}

function joinedSize(list: readonly CelValue[]): number {
  return list.reduce<number>((sum, item) => sum + sizeOf(item), 0)
}
