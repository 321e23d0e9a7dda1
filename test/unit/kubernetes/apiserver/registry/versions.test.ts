import {expect, test} from 'vitest'
import {compareVersions} from '../../../../../src/kubernetes/apiserver/registry/registry.ts'

test('versions come in the order clients prefer them', () => {
  const versions = ['v1alpha1', 'foo', 'v1', 'v10', 'v1beta2', 'v2', 'bar', 'v1beta1', 'v2alpha1']
  expect(versions.toSorted(compareVersions)).toEqual([
    'v10',
    'v2',
    'v1',
    'v1beta2',
    'v1beta1',
    'v2alpha1',
    'v1alpha1',
    'bar',
    'foo',
  ])
})
