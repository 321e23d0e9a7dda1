import {
  ensureObject,
  isJsonObject,
  objectAt,
  setDefault,
  stringAt,
  type JsonObject,
} from '../../apiserver/json-value.ts'
import type {KindDeclaration} from '../../apiserver/registry/kind.ts'
import {selectable} from '../../apiserver/registry/selectable-fields.ts'
import {ageColumn, column, nameColumn} from '../../apiserver/table/columns.ts'
import {validateSecret, validateSecretUpdate} from './config-data.ts'

/** Counterpart of k8s.io/kubernetes `pkg/registry/core/secret`. */
export const secret: KindDeclaration = {
  groupVersion: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  columns: [
    nameColumn,
    column('Type', (object) => stringAt(object, 'type')),
    column('Data', (object) => Object.keys(objectAt(object, 'data')).length),
    ageColumn,
  ],
  selectableFields: [selectable('type')],
  strategy: {
    applyDefaults: defaultSecret,
    validate: validateSecret,
    validateUpdate: validateSecretUpdate,
  },
}

/** A Secret's `stringData` goes into `data`; its type is Opaque unless it says. */
function defaultSecret(object: JsonObject): void {
  setDefault(object, 'type', 'Opaque')
  const text = object['stringData']
  if (!isJsonObject(text)) return
  const data = ensureObject(object, 'data')
  for (const [key, value] of Object.entries(text)) {
    data[key] = Buffer.from(String(value)).toString('base64')
  }
  delete object['stringData']
}
