import {isJsonObject, type JsonObject} from '../../util/json.ts'
import {FieldSetBuilder, type FieldsV1} from './fields-v1.ts'
import {fieldTypeOf, shapeOf, type ListType, type MapType, type MergeType} from './merge-type.ts'
import {fieldElement, itemElement, type PathElement} from './path-element.ts'

/**
 * The fields that a configuration sets, and that whoever applies it thus owns.
 *
 * Counterpart of structured-merge-diff `TypedValue.ToFieldSet`.
 */
export function fieldsOf(value: unknown, type: MergeType): FieldsV1 {
  const walk = new FieldsWalk()
  walk.visit(value, type)
  return walk.set
}

class FieldsWalk {
  readonly #builder = new FieldSetBuilder()
  readonly #path: PathElement[] = []

  get set(): FieldsV1 {
    return this.#builder.set
  }

  visit(value: unknown, type: MergeType): void {
    switch (shapeOf(type, value)) {
      case 'scalar':
        this.#builder.add(this.#path)
        break
      case 'list':
        if (type.list?.merges === 'atomic') this.#builder.add(this.#path)
        else if (type.list !== undefined && Array.isArray(value)) this.#items(value, type.list)
        break
      case 'map':
        if (type.map?.atomic === true) this.#builder.add(this.#path)
        else if (type.map !== undefined && isJsonObject(value)) this.#fields(value, type.map)
        break
    }
  }

  #fields(value: JsonObject, type: MapType): void {
    for (const name of Object.keys(value)) {
      const field = fieldTypeOf(type, name)
      const item = value[name]
      if (field === undefined || item === undefined) continue
      this.#path.push(fieldElement(name))
      this.visit(item, field)
      // What has no fields that could be owned is owned itself; so is what the type does not name.
      if (item === null || isEmptyObject(item) || !type.fields.has(name)) {
        this.#builder.add(this.#path)
      }
      this.#path.pop()
    }
  }

  #items(items: readonly unknown[], type: ListType): void {
    const elements = items.map((item) => itemElement(type, item))
    const seen = new Set<PathElement>()
    const repeated = new Set<PathElement>()
    for (const element of elements) (seen.has(element) ? repeated : seen).add(element)
    for (const [index, element] of elements.entries()) {
      const isRepeated = repeated.has(element)
      this.#path.push(element)
      // Of items that cannot be told apart only the fact that there are some is owned.
      if (!isRepeated) this.visit(items[index], type.item)
      this.#builder.add(this.#path)
      this.#path.pop()
    }
  }
}

function isEmptyObject(value: unknown): boolean {
  return isJsonObject(value) && Object.keys(value).length === 0
}
