import {CelBudget, CelCostError} from '../cel/cost.ts'
import {celFromJson} from '../cel/from-json.ts'
import {CelSyntaxError} from '../cel/lexer.ts'
import {type CelProgram, compileCel} from '../cel/program.ts'
import {CelError, type CelValue} from '../cel/values.ts'
import {type JsonObject, objectsAt, stringAt} from '../json-value.ts'

/** An expression that must be true for a webhook to be asked. */
export interface MatchCondition {
  readonly expression: string
  readonly program: CelProgram
}

/** What expressions see of a write, as it is. */
export interface ConditionInput {
  readonly object: unknown
  readonly oldObject: unknown
  readonly request: unknown
}

/**
 * The conditions of a webhook. One that uses what nobody here knows is left out: a webhook that is
 * asked too often can still say that it does not care.
 */
export function readMatchConditions(webhook: JsonObject): MatchCondition[] {
  return objectsAt(webhook, 'matchConditions').flatMap((condition) => {
    const expression = stringAt(condition, 'expression')
    const program = compile(expression)
    return program === undefined ? [] : [{expression, program}]
  })
}

function compile(expression: string): CelProgram | undefined {
  try {
    const program = compileCel(expression)
    const isKnown = program.unknownFunctions.length === 0 && !program.uses('authorizer')
    return isKnown ? program : undefined
  } catch (error) {
    if (error instanceof CelSyntaxError) return undefined
    throw error
  }
}

/**
 * Whether all conditions are true. One that is false decides, whatever goes wrong with the others;
 * else what went wrong is thrown as an Error.
 *
 * Counterpart of k8s.io/apiserver `admission/plugin/webhook/matchconditions`.
 */
export function meetsConditions(
  conditions: readonly MatchCondition[],
  input: () => ConditionInput,
): boolean {
  if (conditions.length === 0) return true
  const variables: Record<string, CelValue> = Object.fromEntries(
    Object.entries(input()).map(([name, value]) => [name, celFromJson(value, undefined)]),
  )
  const problems: string[] = []
  const budget = new CelBudget()
  for (const {expression, program} of conditions) {
    try {
      if (program.evaluate(variables, budget) !== true) return false
    } catch (error) {
      if (!(error instanceof CelError || error instanceof CelCostError)) throw error
      problems.push(`expression '${expression}' resulted in error: ${error.message}`)
    }
  }
  const [first, ...others] = new Set(problems)
  if (first === undefined) return true
  throw new Error(others.length === 0 ? first : `[${[first, ...others].join(', ')}]`)
}
