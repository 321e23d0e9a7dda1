/** Kinds of permissions, which are stored and checked for their form: whoever is known may do everything. */
import {
  isJsonObject,
  objectAt,
  objectsAt,
  setDefault,
  stringAt,
  type JsonObject,
} from '../../apiserver/json-value.ts'
import type {KindDeclaration} from '../../apiserver/registry/kind.ts'
import type {Strategy} from '../../apiserver/registry/strategy.ts'
import {
  ageColumn,
  column,
  createdAtColumn,
  nameColumn,
  type TableColumn,
} from '../../apiserver/table/columns.ts'
import {nameCheck, pathSegment} from '../../apiserver/validation/names.ts'
import {
  validateClusterRole,
  validateClusterRoleBinding,
  validateRole,
  validateRoleBinding,
  validateRoleRefUpdate,
} from './validation.ts'

const shared = {validateName: nameCheck(pathSegment), createsOnUpdate: true}
const groupVersion = 'rbac.authorization.k8s.io/v1'

/** The table of RoleBindings and ClusterRoleBindings. */
const roleBindingColumns: readonly TableColumn[] = [
  nameColumn,
  column('Role', (object) => {
    const role = objectAt(object, 'roleRef')
    return `${stringAt(role, 'kind')}/${stringAt(role, 'name')}`
  }),
  ageColumn,
  ...(
    [
      ['Users', 'User'],
      ['Groups', 'Group'],
      ['ServiceAccounts', 'ServiceAccount'],
    ] as const
  ).map(([name, kind]) =>
    column(name, (object) => subjectNames(object, kind), {
      wide: true,
    }),
  ),
]

function binding(validate: Strategy['validate']): Partial<Strategy> {
  return {
    ...shared,
    applyDefaults: defaultRoleBinding,
    validate,
    validateUpdate: validateRoleRefUpdate,
  }
}

export const clusterRoleBinding: KindDeclaration = {
  groupVersion,
  kind: 'ClusterRoleBinding',
  plural: 'clusterrolebindings',
  scope: 'Cluster',
  columns: roleBindingColumns,
  strategy: binding(validateClusterRoleBinding),
}

export const clusterRole: KindDeclaration = {
  groupVersion,
  kind: 'ClusterRole',
  plural: 'clusterroles',
  scope: 'Cluster',
  columns: [nameColumn, createdAtColumn],
  strategy: {...shared, validate: validateClusterRole},
}

export const roleBinding: KindDeclaration = {
  groupVersion,
  kind: 'RoleBinding',
  plural: 'rolebindings',
  columns: roleBindingColumns,
  strategy: binding(validateRoleBinding),
}

export const role: KindDeclaration = {
  groupVersion,
  kind: 'Role',
  plural: 'roles',
  columns: [nameColumn, createdAtColumn],
  strategy: {...shared, validate: validateRole},
}

function subjectNames(binding: JsonObject, kind: string): string {
  return objectsAt(binding, 'subjects')
    .filter((subject) => subject['kind'] === kind)
    .map((subject) => {
      const namespace = stringAt(subject, 'namespace')
      const name = stringAt(subject, 'name')
      return kind === 'ServiceAccount' && namespace !== '' ? `${namespace}/${name}` : name
    })
    .join(', ')
}

/** The subject of a binding and the role it binds are of the RBAC group unless they say. */
function defaultRoleBinding(object: JsonObject): void {
  const role = object['roleRef']
  if (isJsonObject(role)) setDefault(role, 'apiGroup', 'rbac.authorization.k8s.io')
  for (const subject of objectsAt(object, 'subjects')) {
    const isPerson = subject['kind'] === 'User' || subject['kind'] === 'Group'
    if (isPerson) setDefault(subject, 'apiGroup', 'rbac.authorization.k8s.io')
  }
}
