import type {StructuralSchema} from '../../../api/extensions/structural-schema.ts'
import {compileRegExp, RegExpSyntaxError} from '../../../util/regexp/linear-regexp.ts'
import {CelSyntaxError} from '../cel/lexer.ts'
import {compileCel} from '../cel/program.ts'
import {forbidden, invalidValue, required, type FieldError} from './field-error.ts'

/**
 * What keeps the schema of a custom resource from being structural, and which of its rules are no
 * expressions.
 *
 * Counterpart of k8s.io/apiextensions-apiserver `pkg/apiserver/schema.ValidateStructural`.
 */
export function validateSchema(schema: StructuralSchema, path: string): FieldError[] {
  const {type} = schema
  const errors: FieldError[] = []
  if (type === undefined || type === '') {
    errors.push(required(`${path}.type`, 'must not be empty at the root'))
  } else if (type !== 'object') {
    errors.push(invalidValue(`${path}.type`, type, 'must be object at the root'))
  }
  return [...errors, ...validateNode(schema, path)]
}

function validateNode(schema: StructuralSchema, path: string): FieldError[] {
  const {properties, additionalProperties, items, type} = schema
  const errors: FieldError[] = []
  for (const [name, property] of Object.entries(properties ?? {})) {
    const at = `${path}.properties[${name}]`
    errors.push(...validateTyped(property, at, 'must not be empty for specified object fields'))
  }
  if (typeof additionalProperties === 'object') {
    if (properties !== undefined) {
      errors.push(forbidden(`${path}.additionalProperties`, 'must not be used if properties are'))
    }
    const at = `${path}.additionalProperties`
    errors.push(
      ...validateTyped(additionalProperties, at, 'must not be empty for specified object fields'),
    )
  }
  if (items !== undefined) {
    const why = 'must not be empty for specified array items'
    errors.push(...validateTyped(items, `${path}.items`, why))
  } else if (type === 'array') {
    errors.push(required(`${path}.items`, 'must be specified'))
  }
  for (const [junctor, schemas] of Object.entries(partsBySchema(schema))) {
    schemas.forEach((part, index) => {
      errors.push(...validatePattern(part, `${path}.${junctor}[${index}]`))
    })
  }
  return [
    ...errors,
    ...validatePattern(schema, path),
    ...validateListKeys(schema, path),
    ...validateRules(schema, path),
  ]
}

/** What is said of the same value in other ways. */
function partsBySchema(schema: StructuralSchema): Record<string, readonly StructuralSchema[]> {
  const {allOf = [], anyOf = [], oneOf = [], not} = schema
  return {allOf, anyOf, oneOf, ...(not !== undefined && {not: [not]})}
}

function validatePattern({pattern}: StructuralSchema, path: string): FieldError[] {
  if (pattern === undefined) return []
  try {
    compileRegExp(pattern)
    return []
  } catch (error) {
    if (!(error instanceof RegExpSyntaxError)) throw error
    const why = `must be a valid regular expression, but isn't: ${error.message}`
    return [invalidValue(`${path}.pattern`, pattern, why)]
  }
}

/** Only what may be anything, and what is a number or a text, needs no type. */
function validateTyped(schema: StructuralSchema, path: string, why: string): FieldError[] {
  const isOpen =
    schema['x-kubernetes-int-or-string'] === true ||
    schema['x-kubernetes-preserve-unknown-fields'] === true
  const isMissing = (schema.type ?? '') === '' && !isOpen
  return [...(isMissing ? [required(`${path}.type`, why)] : []), ...validateNode(schema, path)]
}

/** Each key of a list that merges must be in every item, or have a default. */
function validateListKeys(schema: StructuralSchema, path: string): FieldError[] {
  if (schema['x-kubernetes-list-type'] !== 'map') return []
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  if (keys.length === 0) {
    const why = 'must not be empty if x-kubernetes-list-type is map'
    return [required(`${path}.x-kubernetes-list-map-keys`, why)]
  }
  const {properties = {}, required: present = []} = schema.items ?? {}
  return keys.flatMap((key, index) => {
    const property = Object.hasOwn(properties, key) ? properties[key] : undefined
    if (property === undefined) {
      const at = `${path}.x-kubernetes-list-map-keys[${index}]`
      return [invalidValue(at, key, 'entries must all be names of item properties')]
    }
    if (present.includes(key) || property.default !== undefined) return []
    const why =
      'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property'
    return [required(`${path}.items.properties[${key}].default`, why)]
  })
}

function validateRules(schema: StructuralSchema, path: string): FieldError[] {
  const rules = schema['x-kubernetes-validations'] ?? []
  return rules.flatMap((rule, index) => {
    const at = `${path}.x-kubernetes-validations[${index}].rule`
    if (rule.rule.trim() === '') return [required(at, 'rule is not specified')]
    const problem = syntaxProblem(rule.rule)
    return problem === undefined ? [] : [invalidValue(at, rule, `compilation failed: ${problem}`)]
  })
}

function syntaxProblem(source: string): string | undefined {
  try {
    compileCel(source)
    return undefined
  } catch (error) {
    if (error instanceof CelSyntaxError) return error.message
    throw error
  }
}
