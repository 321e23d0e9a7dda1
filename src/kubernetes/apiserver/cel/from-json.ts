import type {StructuralSchema} from '../../../api/extensions/structural-schema.ts'
import {parseDuration} from '../../../util/duration.ts'
import {isJsonObject} from '../json-value.ts'
import {CelDuration, CelTimestamp, type CelValue} from './values.ts'

/**
 * A JSON value as expressions see it. The schema says which numbers are whole, and which texts are
 * times; what it does not know keeps the form that JSON gives it.
 */
export function celFromJson(value: unknown, schema: StructuralSchema | undefined): CelValue {
  if (Array.isArray(value)) return value.map((item) => celFromJson(item, schema?.items))
  if (isJsonObject(value)) {
    const {properties = {}, additionalProperties} = schema ?? {}
    const others = typeof additionalProperties === 'object' ? additionalProperties : undefined
    return new Map(
      Object.entries(value).map(([name, item]) => [
        name,
        celFromJson(item, Object.hasOwn(properties, name) ? properties[name] : others),
      ]),
    )
  }
  if (typeof value === 'number') {
    return schema?.type !== 'number' && Number.isInteger(value) ? BigInt(value) : value
  }
  if (typeof value === 'string') return celFromText(value, schema?.format)
  return typeof value === 'boolean' ? value : null
}

function celFromText(text: string, format: string | undefined): CelValue {
  if (format === 'date-time' || format === 'date') return new CelTimestamp(Date.parse(text))
  return format === 'duration' ? new CelDuration(parseDuration(text)) : text
}
