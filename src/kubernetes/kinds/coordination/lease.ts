import {objectAt, stringAt} from '../../apiserver/json-value.ts'
import type {KindDeclaration} from '../../apiserver/registry/kind.ts'
import {ageColumn, column, nameColumn} from '../../apiserver/table/columns.ts'
import {validateLease} from './validation.ts'

/** Counterpart of k8s.io/kubernetes `pkg/registry/coordination/lease`. */
export const lease: KindDeclaration = {
  groupVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  plural: 'leases',
  columns: [
    nameColumn,
    column('Holder', (object) => stringAt(objectAt(object, 'spec'), 'holderIdentity')),
    ageColumn,
  ],
  strategy: {allowsUnconditionalUpdate: false, createsOnUpdate: true, validate: validateLease},
}
