import {
  numberAt,
  objectsAt,
  setDefault,
  stringAt,
  stringsAt,
  type JsonObject,
} from '../../apiserver/json-value.ts'
import type {KindDeclaration} from '../../apiserver/registry/kind.ts'
import {ageColumn, column, nameColumn} from '../../apiserver/table/columns.ts'
import {validateEndpointSlice, validateEndpointSliceUpdate} from './validation.ts'

/** Counterpart of k8s.io/kubernetes `pkg/registry/discovery/endpointslice`. */
export const endpointSlice: KindDeclaration = {
  groupVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  columns: [
    nameColumn,
    column('AddressType', (object) => stringAt(object, 'addressType')),
    column('Ports', (object) => formatFew(objectsAt(object, 'ports').map(slicePort))),
    column('Endpoints', (object) =>
      formatFew(
        objectsAt(object, 'endpoints').flatMap((endpoint) => stringsAt(endpoint, 'addresses')),
      ),
    ),
    ageColumn,
  ],
  strategy: {
    hasGeneration: true,
    applyDefaults: defaultEndpointSlice,
    validate: validateEndpointSlice,
    validateUpdate: validateEndpointSliceUpdate,
  },
}

/** Counterpart of `pkg/apis/discovery/v1` SetDefaults_EndpointPort. */
function defaultEndpointSlice(object: JsonObject): void {
  for (const port of objectsAt(object, 'ports')) {
    setDefault(port, 'name', '')
    setDefault(port, 'protocol', 'TCP')
  }
}

function slicePort(port: JsonObject): string {
  const number = numberAt(port, 'port')
  return number === undefined ? '*' : String(number)
}

/** Tables name this many, and count the others. */
const MAX_NAMED = 3

function formatFew(items: readonly string[]): string {
  if (items.length === 0) return '<unset>'
  const shown = items.slice(0, MAX_NAMED).join(',')
  const hidden = items.length - MAX_NAMED
  return hidden > 0 ? `${shown} + ${hidden} more...` : shown
}
