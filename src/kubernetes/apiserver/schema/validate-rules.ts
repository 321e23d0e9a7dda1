import type {StructuralSchema, ValidationRule} from '../../../api/extensions/structural-schema.ts'
import {CelBudget, CelCostError} from '../cel/cost.ts'
import {celFromJson} from '../cel/from-json.ts'
import {CelSyntaxError} from '../cel/lexer.ts'
import {compileCel, type CelProgram} from '../cel/program.ts'
import {CelError, CelOptional, type CelValue} from '../cel/values.ts'
import {isJsonObject, jsonEqual, type JsonObject} from '../json-value.ts'
import {
  duplicate,
  forbidden,
  invalidValue,
  required,
  type FieldError,
} from '../validation/field-error.ts'
import {oldItem, oldProperty} from './correlate.ts'

/** Whether a schema has rules anywhere. */
export function hasRules(schema: StructuralSchema): boolean {
  let known = withRules.get(schema)
  if (known === undefined) {
    known = (schema['x-kubernetes-validations'] ?? []).length > 0 || partsOf(schema).some(hasRules)
    withRules.set(schema, known)
  }
  return known
}

const withRules = new WeakMap<StructuralSchema, boolean>()

function partsOf(schema: StructuralSchema): StructuralSchema[] {
  const {properties = {}, additionalProperties, items, allOf = []} = schema
  return [...Object.values(properties), additionalProperties, items, ...allOf].filter(
    (part) => typeof part === 'object',
  )
}

/** What follows when a schema with rules was not met in other ways: nobody looked at the rules. */
export const RULES_NOT_CHECKED: FieldError = {
  reason: 'FieldValueInvalid',
  field: '<nil>',
  message:
    'Invalid value: "null": some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
}

/**
 * Which rules of its schema (`x-kubernetes-validations`) a valid object breaks.
 *
 * Rules about the old value count only where there is one. What was stored already may go on to
 * break a rule. Rules that call functions nobody here knows refuse nothing.
 *
 * Counterpart of k8s.io/apiextensions-apiserver `pkg/apiserver/schema/cel`.
 */
export function validateRules(
  object: JsonObject,
  schema: StructuralSchema,
  old: JsonObject | undefined,
): FieldError[] {
  const errors: FieldError[] = []
  if (!hasRules(schema)) return errors
  try {
    walk({value: object, old, schema, path: '', errors, budget: new CelBudget()})
  } catch (error) {
    if (!(error instanceof RulesTooCostly)) throw error
  }
  return errors
}

/** A place in an object, with what was there before. */
interface Place {
  readonly value: unknown
  readonly old: unknown
  readonly schema: StructuralSchema
  readonly path: string
  readonly errors: FieldError[]
  /** Of all rules of the object together. */
  readonly budget: CelBudget
}

/** Ends the walk; why is among the errors. */
class RulesTooCostly extends Error {}

function walk(place: Place): void {
  const {value, old, schema, path, errors, budget} = place
  if (value === null || value === undefined || !hasRules(schema)) return
  const rules = schema['x-kubernetes-validations'] ?? []
  if (rules.length > 0) checkRules(place, rules)
  for (const part of schema.allOf ?? []) walk({...place, schema: part})
  if (Array.isArray(value)) {
    const {items} = schema
    if (items === undefined) return
    value.forEach((item, index) => {
      const before = oldItem(item, old, schema)
      walk({value: item, old: before, schema: items, path: `${path}[${index}]`, errors, budget})
    })
  } else if (isJsonObject(value)) {
    const {properties = {}, additionalProperties} = schema
    for (const [name, item] of Object.entries(value)) {
      const own = Object.hasOwn(properties, name) ? properties[name] : undefined
      const others = typeof additionalProperties === 'object' ? additionalProperties : undefined
      const inner = own ?? others
      if (inner === undefined) continue
      const at = own === undefined ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`
      const before = oldProperty(name, old, schema)
      walk({value: item, old: before, schema: inner, path: at, errors, budget})
    }
  }
}

const programs = new WeakMap<ValidationRule, CelProgram | undefined>()

/** The program of a rule; undefined where it cannot be evaluated here. */
function programOf(rule: ValidationRule): CelProgram | undefined {
  if (!programs.has(rule)) {
    programs.set(rule, compileRule(rule.rule))
  }
  return programs.get(rule)
}

function compileRule(source: string): CelProgram | undefined {
  try {
    const program = compileCel(source)
    return program.unknownFunctions.length === 0 ? program : undefined
  } catch (error) {
    if (error instanceof CelSyntaxError) return undefined
    throw error
  }
}

function checkRules(place: Place, rules: readonly ValidationRule[]): void {
  const {value, old, schema} = place
  // The same for every rule, and what costs most where the object is large.
  const self = celFromJson(value, schema)
  const before = old === undefined ? undefined : celFromJson(old, schema)
  for (const rule of rules) checkRule(place, rule, {self, before})
}

/** A place as expressions see it. */
interface Values {
  readonly self: CelValue
  readonly before: CelValue | undefined
}

function checkRule(place: Place, rule: ValidationRule, values: Values): void {
  const {value, old, schema, path, errors, budget} = place
  const program = programOf(rule)
  if (program === undefined) return
  const usesOld = program.uses('oldSelf')
  if (usesOld && old === undefined && rule.optionalOldSelf !== true) return
  const variables = variablesOf(values, rule)
  const type = schema.type ?? ''
  try {
    if (program.evaluate(variables, budget) === true) return
  } catch (error) {
    if (error instanceof CelCostError) {
      errors.push(invalidValue(path, type, tooCostly(error, rule)))
      throw new RulesTooCostly('', {cause: error})
    }
    if (!(error instanceof CelError)) throw error
    errors.push(invalidValue(path, type, explain(error, rule)))
    return
  }
  if (!usesOld && old !== undefined && jsonEqual(value, old)) return
  const field = rule.fieldPath === undefined ? path : `${path}${rule.fieldPath}`
  errors.push(broken(rule, field.replace(/^\./, ''), type, messageOf(rule, variables)))
}

function variablesOf(
  {self, before}: Values,
  {optionalOldSelf}: ValidationRule,
): Record<string, CelValue> {
  if (optionalOldSelf === true) return {self, oldSelf: new CelOptional(before)}
  return {self, ...(before !== undefined && {oldSelf: before})}
}

function messageOf(rule: ValidationRule, variables: Record<string, CelValue>): string {
  const fallback = rule.message?.trim() ?? `failed rule: ${rule.rule.trim()}`
  if (rule.messageExpression === undefined) return fallback
  try {
    const made = compileCel(rule.messageExpression).evaluate(variables)
    const text = typeof made === 'string' ? made.trim() : ''
    return text === '' || text.includes('\n') ? fallback : text
  } catch (error) {
    const isKnown = [CelError, CelSyntaxError, CelCostError].some((kind) => error instanceof kind)
    if (isKnown) return fallback
    throw error
  }
}

function tooCostly({message}: CelCostError, rule: ValidationRule): string {
  const which = rule.message?.trim() ?? rule.rule.trim()
  return `'${message}': no further validation rules will be run due to call cost exceeds limit for rule: ${which}`
}

function explain({message}: CelError, rule: ValidationRule): string {
  const which = rule.message?.trim() ?? rule.rule.trim()
  if (!message.startsWith('no such overload')) return `${message} evaluating rule: ${which}`
  return `'${message}': call arguments did not match a supported operator, function or macro signature for rule: ${which}`
}

function broken({reason}: ValidationRule, field: string, type: string, detail: string): FieldError {
  if (reason === 'FieldValueForbidden') return forbidden(field, detail)
  if (reason === 'FieldValueRequired') return required(field, detail)
  return reason === 'FieldValueDuplicate'
    ? duplicate(field, type)
    : invalidValue(field, type, detail)
}
