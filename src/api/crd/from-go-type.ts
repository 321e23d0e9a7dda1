/** Makes structural schemas from Go types: what controller-gen does with Go sources. */
import type {StructuralSchema} from '../extensions/structural-schema.ts'
import {
  type EmbeddedField,
  type GoField,
  type GoType,
  type ScalarType,
  type StructType,
} from '../go-types/go-type.ts'

/** What the Go type of a field does not say. */
export interface FieldRule {
  /** Go always writes it, though nobody has to set it. */
  readonly optional?: true
  /** Its value is not looked into: the kind of JSON alone stays, and nothing is pruned. */
  readonly opaque?: true
  /** A map that server-side apply replaces as a whole. */
  readonly atomic?: true
  /** A list that merges by these keys. */
  readonly mergeKeys?: readonly string[]
  readonly default?: string
  /** The key in `config-features` that lets it in. */
  readonly feature?: string
}

/** What a Go struct does not say. */
export interface StructRule {
  /** The fields that are let through; all of them where this is missing. */
  readonly fields?: ReadonlySet<string>
  /** Keeps fields which its schema does not list. */
  readonly open?: true
  /** Server-side apply replaces it as a whole. */
  readonly atomic?: true
  readonly rules?: Readonly<Record<string, FieldRule>>
}

/** What the Go types do not say, by the names of their structs. */
export interface SchemaRules {
  readonly structs: Readonly<Record<string, StructRule>>
  readonly descriptions: Descriptions
}

/** What `kubectl explain` says about structs (under `''`) and their fields. */
export type Descriptions = Readonly<Record<string, Readonly<Record<string, string>>>>

const QUANTITY_PATTERN = String.raw`^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$`

const INT_OR_STRING: StructuralSchema = {
  anyOf: [{type: 'integer'}, {type: 'string'}],
  'x-kubernetes-int-or-string': true,
}

/**
 * The schema of a type by the rules. Properties and required fields are sorted.
 *
 * Schemas of one struct are shared between the places where it is used: do not change them.
 */
export function schemaFromGo(type: GoType, rules: SchemaRules): StructuralSchema {
  return new Generator(rules).schema(type)
}

class Generator {
  readonly #rules: SchemaRules
  readonly #structs = new Map<StructType, StructuralSchema>()

  constructor(rules: SchemaRules) {
    this.#rules = rules
  }

  schema(type: GoType): StructuralSchema {
    switch (type.kind) {
      case 'pointer':
        return this.schema(type.to)
      case 'list':
        return {type: 'array', items: this.schema(type.of)}
      case 'map':
        return {type: 'object', additionalProperties: this.schema(type.of)}
      case 'struct':
        return this.#structSchema(type)
      case 'opaque':
        return {type: 'object', 'x-kubernetes-preserve-unknown-fields': true}
      case 'string':
      case 'boolean':
      case 'integer':
      case 'quantity':
      case 'intOrString':
      case 'time':
        return scalarSchema(type)
    }
  }

  #structSchema(type: StructType): StructuralSchema {
    const known = this.#structs.get(type)
    if (known !== undefined) return known
    const schema = this.#makeStruct(type)
    this.#structs.set(type, schema)
    return schema
  }

  #makeStruct(type: StructType): StructuralSchema {
    const properties: [string, StructuralSchema][] = []
    const required: string[] = []
    this.#addFields(type, properties, required)
    const description = this.#describe(type)
    return {
      type: 'object',
      ...(description !== undefined && {description}),
      ...(required.length > 0 && {required: required.toSorted()}),
      properties: Object.fromEntries(properties.toSorted(([a], [b]) => (a < b ? -1 : 1))),
      ...(this.#rule(type).open === true && {'x-kubernetes-preserve-unknown-fields': true}),
      ...(this.#isAtomic(type) && {'x-kubernetes-map-type': 'atomic'}),
    }
  }

  /** The fields of a struct and of those it embeds, each as far as the rule of its struct lets it. */
  #addFields(type: StructType, properties: [string, StructuralSchema][], required: string[]): void {
    const {fields, rules = {}} = this.#rule(type)
    for (const field of type.fields) {
      if (isEmbedded(field)) this.#addFields(field.embedded, properties, required)
      else if (fields?.has(field.json) !== false) {
        const rule = rules[field.json] ?? {}
        properties.push([field.json, this.#fieldSchema(type, field, rule)])
        if (field.always && rule.optional !== true) required.push(field.json)
      }
    }
  }

  #fieldSchema(struct: StructType, field: GoField, rule: FieldRule): StructuralSchema {
    const schema = rule.opaque === true ? opaqueSchema(field.type) : this.schema(field.type)
    const own = this.#describe(struct, field.json) ?? schema.description
    const description = [own, rule.feature && `Needs ${rule.feature} in config-features.`]
      .filter(Boolean)
      .join(' ')
    return {
      ...schema,
      ...(description !== '' && {description}),
      ...(rule.default !== undefined && {default: rule.default}),
      ...(rule.atomic === true && {'x-kubernetes-map-type': 'atomic'}),
      ...(rule.mergeKeys !== undefined && {
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': rule.mergeKeys,
      }),
    }
  }

  /** A struct that embeds an atomic one is atomic as well. */
  #isAtomic(type: StructType): boolean {
    if (this.#rule(type).atomic === true) return true
    return type.fields.some((field) => isEmbedded(field) && this.#isAtomic(field.embedded))
  }

  #describe(type: StructType, field = ''): string | undefined {
    return this.#rules.descriptions[type.name]?.[field]
  }

  #rule(type: StructType): StructRule {
    return this.#rules.structs[type.name] ?? {}
  }
}

function isEmbedded(field: GoField | EmbeddedField): field is EmbeddedField {
  return 'embedded' in field
}

function scalarSchema(type: ScalarType): StructuralSchema {
  switch (type.kind) {
    case 'string':
    case 'boolean':
      return {type: type.kind}
    case 'integer':
      return {type: 'integer', ...(type.name !== 'int' && {format: integerFormat(type.name)})}
    case 'quantity':
      return {...INT_OR_STRING, pattern: QUANTITY_PATTERN}
    case 'intOrString':
      return INT_OR_STRING
    case 'time':
      return {type: 'string', format: 'date-time'}
  }
}

function integerFormat(name: string): string {
  return name === 'int32' ? 'int32' : 'int64'
}

/** Only what kind of JSON a type is; of a list, its items are what is not looked into. */
function opaqueSchema(type: GoType): StructuralSchema {
  if (type.kind === 'pointer') return opaqueSchema(type.to)
  if (type.kind === 'list') return {type: 'array', items: opaqueSchema(type.of)}
  const isScalar = type.kind === 'string' || type.kind === 'boolean'
  return {type: isScalar ? type.kind : 'object', 'x-kubernetes-preserve-unknown-fields': true}
}
