/** Makes structural schemas from Go types: what controller-gen does with Go sources. */
import type {StructuralSchema} from '../extensions/structural-schema.ts'
import {featureKey} from '../config/features.ts'
import type {GoField, GoType, ScalarType, StructType} from '../go-types/go-type.ts'

const QUANTITY_PATTERN = String.raw`^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$`

const INT_OR_STRING: StructuralSchema = {
  anyOf: [{type: 'integer'}, {type: 'string'}],
  'x-kubernetes-int-or-string': true,
}

/**
 * The schema of a type. Properties and required fields are sorted.
 *
 * Schemas of one struct are shared between the places where it is used: do not change them.
 */
export function schemaFromGo(type: GoType): StructuralSchema {
  return new Generator().schema(type)
}

class Generator {
  readonly #structs = new Map<StructType, StructuralSchema>()

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
    const listed = [...type.byJson.values()].map(({field}) => field).filter(({listed}) => listed)
    const required = listed.filter(({always, optional}) => always && optional === undefined)
    return {
      type: 'object',
      ...(type.description !== undefined && {description: type.description}),
      ...(required.length > 0 && {required: required.map(({json}) => json).toSorted()}),
      properties: Object.fromEntries(
        listed
          .toSorted((left, right) => (left.json < right.json ? -1 : 1))
          .map((field) => [field.json, this.#fieldSchema(field)]),
      ),
      ...(type.open === true && {'x-kubernetes-preserve-unknown-fields': true}),
      ...(isAtomic(type) && {'x-kubernetes-map-type': 'atomic'}),
    }
  }

  #fieldSchema(field: GoField): StructuralSchema {
    const schema = field.opaque === true ? opaqueSchema(field.type) : this.schema(field.type)
    const [feature] = field.features ?? []
    const description = [
      field.description ?? schema.description,
      feature && `Needs ${featureKey(feature)} in config-features.`,
    ]
      .filter(Boolean)
      .join(' ')
    return {
      ...schema,
      ...(description !== '' && {description}),
      ...(field.default !== undefined && {default: field.default}),
      ...(field.atomic === true && {'x-kubernetes-map-type': 'atomic'}),
      ...(field.mergeKeys !== undefined && {
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': field.mergeKeys,
      }),
    }
  }
}

function isAtomic(type: StructType): boolean {
  if (type.atomic === true) return true
  return type.fields.some((field) => 'embedded' in field && isAtomic(field.embedded))
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
