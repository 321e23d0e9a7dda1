import {expect, test} from 'vitest'
import type {ManagedFieldsEntry} from '../../../../src/api/meta/object.ts'
import {
  parentManagedFields,
  scaleManagedFields,
} from '../../../../src/kubernetes/patch/scale-fields.ts'

const creator: ManagedFieldsEntry = {
  manager: 'kubectl',
  operation: 'Update',
  apiVersion: 'apps/v1',
  time: '2024-04-22T00:00:00Z',
  fieldsType: 'FieldsV1',
  fieldsV1: {'f:spec': {'f:replicas': {}, 'f:selector': {}}},
}
const other: ManagedFieldsEntry = {
  ...creator,
  manager: 'other',
  fieldsV1: {'f:spec': {'f:paused': {}}},
}
const scaler: ManagedFieldsEntry = {
  manager: 'autoscaler',
  operation: 'Update',
  apiVersion: 'autoscaling/v1',
  time: '2024-04-22T00:01:00Z',
  fieldsType: 'FieldsV1',
  fieldsV1: {'f:spec': {'f:replicas': {}}},
  subresource: 'scale',
}

test('a scale shows who owns the replicas of its parent', () => {
  expect(scaleManagedFields([creator, other])).toEqual([
    {...creator, apiVersion: 'autoscaling/v1', fieldsV1: {'f:spec': {'f:replicas': {}}}},
  ])
  expect(scaleManagedFields([other])).toBeUndefined()
})

test('a scale that took the replicas takes them in the parent too', () => {
  expect(parentManagedFields([creator, other], [scaler], 'apps/v1')).toEqual([
    {...creator, fieldsV1: {'f:spec': {'f:selector': {}}}},
    other,
    {...scaler, apiVersion: 'apps/v1'},
  ])
})

test('a scale that was not written changes nothing in the parent', () => {
  const parent = [creator, other]
  expect(parentManagedFields(parent, scaleManagedFields(parent), 'apps/v1')).toEqual(parent)
})

test('a manager that owned nothing but the replicas goes', () => {
  const only = {...creator, fieldsV1: {'f:spec': {'f:replicas': {}}}}
  expect(parentManagedFields([only], [scaler], 'apps/v1')).toEqual([
    {...scaler, apiVersion: 'apps/v1'},
  ])
})
