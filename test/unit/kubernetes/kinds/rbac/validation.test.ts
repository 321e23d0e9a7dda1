import {describe, expect, test} from 'vitest'
import type {KubeObject} from '../../../../../src/api/meta/object.ts'
import {
  validateClusterRole,
  validateClusterRoleBinding,
  validateRole,
  validateRoleBinding,
  validateRoleRefUpdate,
} from '../../../../../src/kubernetes/kinds/rbac/validation.ts'
import type {FieldError} from '../../../../../src/kubernetes/apiserver/validation/field-error.ts'

const GROUP = 'rbac.authorization.k8s.io'
const texts = (errors: readonly FieldError[]): string[] =>
  errors.map(({field, message}) => `${field}: ${message}`)

describe('the rules of a role', () => {
  test('need verbs, groups and resources', () => {
    expect(texts(validateRole({rules: [{}]}))).toEqual([
      'rules[0].verbs: Required value: verbs must contain at least one value',
      'rules[0].apiGroups: Required value: resource rules must supply at least one api group',
      'rules[0].resources: Required value: resource rules must supply at least one resource',
    ])
    const rule = {verbs: ['get'], apiGroups: [''], resources: ['pods']}
    expect(validateRole({rules: [rule]})).toEqual([])
  })

  test('name URLs only for the whole cluster, and nothing besides', () => {
    const urls = {verbs: ['get'], nonResourceURLs: ['/metrics']}
    expect(validateClusterRole({rules: [urls]})).toEqual([])
    expect(texts(validateRole({rules: [urls]}))).toEqual([
      'rules[0].nonResourceURLs: Invalid value: ["/metrics"]: namespaced rules cannot apply to non-resource URLs',
    ])
    expect(texts(validateClusterRole({rules: [{...urls, resources: ['pods']}]}))).toEqual([
      'rules[0].nonResourceURLs: Invalid value: ["/metrics"]: rules cannot apply to both regular resources and non-resource URLs',
    ])
  })
})

describe('the role of a binding', () => {
  test('is one of a kind there is', () => {
    expect(texts(validateRoleBinding({}))).toEqual([
      'roleRef.kind: Unsupported value: "": supported values: "Role", "ClusterRole"',
      'roleRef.name: Required value',
    ])
    const roleRef = {apiGroup: GROUP, kind: 'Role', name: 'reader'}
    expect(validateRoleBinding({roleRef})).toEqual([])
    expect(texts(validateClusterRoleBinding({roleRef}))).toEqual([
      'roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"',
    ])
  })

  test('is bound to somebody there can be', () => {
    const roleRef = {apiGroup: GROUP, kind: 'ClusterRole', name: 'reader'}
    const subjects = [
      {kind: 'User', name: ''},
      {kind: 'Robot', name: 'r'},
      {kind: 'ServiceAccount', name: 'a', apiGroup: GROUP},
      {kind: 'Group', name: 'g', apiGroup: 'apps'},
    ]
    const inNamespace = [
      'subjects[0].name: Required value',
      'subjects[1].kind: Unsupported value: "Robot": supported values: "ServiceAccount", "User", "Group"',
      `subjects[2].apiGroup: Unsupported value: "${GROUP}": supported values: ""`,
      `subjects[3].apiGroup: Unsupported value: "apps": supported values: "${GROUP}"`,
    ]
    expect(texts(validateRoleBinding({roleRef, subjects}))).toEqual(inNamespace)
    expect(texts(validateClusterRoleBinding({roleRef, subjects}))).toEqual([
      ...inNamespace.slice(0, 3),
      'subjects[2].namespace: Required value',
      ...inNamespace.slice(3),
    ])
  })

  test('stays', () => {
    const roleRef = {apiGroup: GROUP, kind: 'Role', name: 'reader'}
    const old = {roleRef} as unknown as KubeObject
    expect(validateRoleRefUpdate({roleRef}, old)).toEqual([])
    const other = {roleRef: {...roleRef, name: 'writer'}}
    expect(texts(validateRoleRefUpdate(other, old))).toEqual([
      `roleRef: Invalid value: {"APIGroup":"${GROUP}","Kind":"Role","Name":"writer"}: cannot change roleRef`,
    ])
  })
})
