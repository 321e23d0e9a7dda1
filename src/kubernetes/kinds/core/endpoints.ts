import {
  numberAt,
  objectsAt,
  setDefault,
  stringAt,
  type JsonObject,
} from '../../apiserver/json-value.ts'
import type {KindDeclaration} from '../../apiserver/registry/kind.ts'
import {NONE} from '../../apiserver/table/cells.ts'
import {ageColumn, column, nameColumn} from '../../apiserver/table/columns.ts'
import {validateEndpoints} from '../discovery/validation.ts'

/** Counterpart of k8s.io/kubernetes `pkg/registry/core/endpoint`. */
export const endpoints: KindDeclaration = {
  groupVersion: 'v1',
  kind: 'Endpoints',
  plural: 'endpoints',
  shortNames: ['ep'],
  columns: [nameColumn, column('Endpoints', formatEndpoints), ageColumn],
  strategy: {
    createsOnUpdate: true,
    applyDefaults: defaultEndpoints,
    validate: validateEndpoints,
    deprecation: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  },
}

/** Ports of Endpoints speak TCP unless they say. */
function defaultEndpoints(object: JsonObject): void {
  for (const subset of objectsAt(object, 'subsets')) {
    for (const port of objectsAt(subset, 'ports')) setDefault(port, 'protocol', 'TCP')
  }
}

/** Tables name this many endpoints, and count the others. */
const MAX_ENDPOINTS = 3

function formatEndpoints(endpoints: JsonObject): string {
  const subsets = objectsAt(endpoints, 'subsets')
  if (subsets.length === 0) return NONE
  const all: string[] = []
  for (const subset of subsets) {
    const ports = objectsAt(subset, 'ports')
    const addresses = objectsAt(subset, 'addresses').map((address) => stringAt(address, 'ip'))
    if (ports.length === 0) all.push(...addresses)
    for (const port of ports) {
      all.push(...addresses.map((ip) => `${ip}:${numberAt(port, 'port') ?? 0}`))
    }
  }
  const shown = all.slice(0, MAX_ENDPOINTS).join(',')
  const hidden = all.length - MAX_ENDPOINTS
  return hidden > 0 ? `${shown} + ${hidden} more...` : shown
}
