import type {StructuralSchema} from '../../../api/extensions/structural-schema.ts'
import type {KubeObject} from '../../../api/meta/object.ts'
import {asJson, cloneJson, isJsonObject, type JsonObject} from '../json-value.ts'
import type {FieldError} from '../validation/field-error.ts'
import {structType, type StructType} from './builtin-types.ts'
import {decodeBuiltin, type DecodeTarget} from './decode-builtin.ts'
import {defaultStructural, pruneStructural} from './structural.ts'
import {hasRules, RULES_NOT_CHECKED, validateRules} from './validate-rules.ts'
import {validateStructural} from './validate-structural.ts'

/** What the types of a kind allow: how its documents are read, completed and checked. */
export interface ObjectSchema {
  /**
   * A private, cleaned copy of what a client sent. Throws 400 for wrong types; names unknown fields
   * to `onUnknown` in the order of the document.
   */
  decode(document: JsonObject, onUnknown: (path: string) => void): JsonObject
  /** Fills in defaults that stand in the schema itself, in place. */
  applyDefaults(object: JsonObject): void
  /**
   * What is wrong by types, formats, bounds and rules. What was wrong in `old` already, and has not
   * changed, is no error.
   */
  validate(object: JsonObject, old?: KubeObject): FieldError[]
  /** The schema below the type: a Go struct, or the structural schema of a CRD. */
  readonly source:
    | {readonly kind: 'struct'; readonly struct: StructType}
    | {readonly kind: 'structural'; readonly schema: StructuralSchema}
}

/** The schema of a built-in kind. Its defaults and checks are code, by kind. */
export function builtinSchema(typeId: string, target: DecodeTarget): ObjectSchema {
  const struct = structType(typeId)
  return {
    source: {kind: 'struct', struct},
    decode: (document, onUnknown) => decodeBuiltin(document, struct, target, onUnknown),
    applyDefaults: () => undefined,
    validate: () => [],
  }
}

/** The schema of a custom resource. */
export function customSchema(schema: StructuralSchema, target: DecodeTarget): ObjectSchema {
  const metadata = structType('meta.v1.ObjectMeta')
  return {
    source: {kind: 'structural', schema},
    decode(document, onUnknown) {
      const copy = cloneJson(document)
      const meta = copy['metadata']
      if (isJsonObject(meta)) {
        copy['metadata'] = decodeBuiltin(meta, metadata, target, (path) =>
          onUnknown(`metadata.${path}`),
        )
      }
      pruneStructural(copy, schema, onUnknown)
      return copy
    },
    applyDefaults: (object) => defaultStructural(object, schema),
    validate: (object, old) => validateCustom(object, schema, old && asJson(old)),
  }
}

/** Errors after which the rules of a schema make no sense. */
const BLOCKING = new Set<FieldError['reason']>([
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueDuplicate',
  'FieldValueTypeInvalid',
])

function validateCustom(
  object: JsonObject,
  schema: StructuralSchema,
  old: JsonObject | undefined,
): FieldError[] {
  const errors = validateStructural(object, schema, old)
  if (!hasRules(schema)) return errors
  if (errors.some(({reason}) => BLOCKING.has(reason))) return [...errors, RULES_NOT_CHECKED]
  return [...errors, ...validateRules(object, schema, old)]
}
