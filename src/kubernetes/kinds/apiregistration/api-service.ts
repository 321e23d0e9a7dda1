import {isJsonObject, objectAt, objectsAt, stringAt} from '../../apiserver/json-value.ts'
import {type KindDeclaration, statusSubresource} from '../../apiserver/registry/kind.ts'
import {ageColumn, column, nameColumn, type TableColumn} from '../../apiserver/table/columns.ts'

/** The table of APIServices. */
const apiServiceColumns: readonly TableColumn[] = [
  nameColumn,
  column('Service', (object) => {
    const service = objectAt(object, 'spec')['service']
    return isJsonObject(service)
      ? `${stringAt(service, 'namespace')}/${stringAt(service, 'name')}`
      : 'Local'
  }),
  column('Available', (object) => {
    const condition = objectsAt(objectAt(object, 'status'), 'conditions').find(
      (item) => item['type'] === 'Available',
    )
    return stringAt(condition, 'status') || 'Unknown'
  }),
  ageColumn,
]

/** Stored only: nothing is aggregated. */
export const apiService: KindDeclaration = {
  groupVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  plural: 'apiservices',
  scope: 'Cluster',
  categories: ['api-extensions'],
  subresources: [statusSubresource],
  columns: apiServiceColumns,
  strategy: {hasStatus: true, metadataKeptByStatus: undefined, allowsUnconditionalUpdate: false},
}
