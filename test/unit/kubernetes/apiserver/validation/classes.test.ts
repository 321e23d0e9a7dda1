import {describe, expect, test} from 'vitest'
import type {KubeObject} from '../../../../../src/api/meta/object.ts'
import {
  validatePriorityClass,
  validatePriorityClassUpdate,
  validateRuntimeClass,
  validateRuntimeClassUpdate,
  validateStorageClass,
  validateStorageClassUpdate,
} from '../../../../../src/kubernetes/apiserver/validation/classes.ts'
import {problemsOf} from './problems.ts'

const before = (object: object): KubeObject => object as unknown as KubeObject

describe('a PriorityClass', () => {
  test.each<
    [object: {metadata: object; value?: number; preemptionPolicy?: string}, expected: string[]]
  >([
    [{metadata: {name: 'p'}, value: 1_000_000_000}, []],
    [
      {metadata: {name: 'p'}, value: 1_000_000_001},
      ['value: Forbidden: maximum allowed value of a user defined priority is 1000000000'],
    ],
    [{metadata: {name: 'system-node-critical'}, value: 2_000_001_000}, []],
    [
      {metadata: {name: 'system-mine'}, value: 1},
      [
        "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-mine is not a known system priority class",
      ],
    ],
    [
      {metadata: {name: 'p'}, preemptionPolicy: 'Always'},
      [
        'preemptionPolicy: Unsupported value: "Always": supported values: "PreemptLowerPriority", "Never"',
      ],
    ],
  ])('of %j has %j', (object, expected) => {
    expect(problemsOf(validatePriorityClass({...object}))).toEqual(expected)
  })

  test('keeps its value and what it preempts', () => {
    const old = before({value: 1, preemptionPolicy: 'Never'})
    expect(
      problemsOf(
        validatePriorityClassUpdate({value: 2, preemptionPolicy: 'PreemptLowerPriority'}, old),
      ),
    ).toEqual([
      'value: Forbidden: may not be changed in an update.',
      'preemptionPolicy: Invalid value: "PreemptLowerPriority": field is immutable',
    ])
  })
})

test('a RuntimeClass keeps a handler that is a label', () => {
  expect(validateRuntimeClass({handler: 'runc'})).toEqual([])
  expect(problemsOf(validateRuntimeClass({handler: 'Run C'}))[0]).toContain(
    'handler: Invalid value: "Run C": a lowercase RFC 1123 label',
  )
  expect(problemsOf(validateRuntimeClassUpdate({handler: 'b'}, before({handler: 'a'})))).toEqual([
    'handler: Invalid value: "b": field is immutable',
  ])
})

describe('a StorageClass', () => {
  const valid = {
    provisioner: 'example.com/disk',
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'Immediate',
    parameters: {type: 'fast'},
  }

  test.each([
    [{}, []],
    [{provisioner: ''}, ['provisioner: Required value']],
    [
      {reclaimPolicy: 'Recycle'},
      ['reclaimPolicy: Unsupported value: "Recycle": supported values: "Delete", "Retain"'],
    ],
    [
      {volumeBindingMode: 'Later'},
      [
        'volumeBindingMode: Unsupported value: "Later": supported values: "Immediate", "WaitForFirstConsumer"',
      ],
    ],
    [{parameters: {'': 'x'}}, ['parameters: Invalid value: "": field can not be empty.']],
  ])('with %j has %j', (change, expected) => {
    expect(problemsOf(validateStorageClass({...valid, ...change}))).toEqual(expected)
  })

  test('stays as it is', () => {
    const changed = {
      provisioner: 'example.com/tape',
      reclaimPolicy: 'Retain',
      volumeBindingMode: 'WaitForFirstConsumer',
    }
    expect(problemsOf(validateStorageClassUpdate(changed, before(valid)))).toEqual([
      'parameters: Forbidden: updates to parameters are forbidden.',
      'provisioner: Forbidden: updates to provisioner are forbidden.',
      'reclaimPolicy: Forbidden: updates to reclaimPolicy are forbidden.',
      'volumeBindingMode: Invalid value: "WaitForFirstConsumer": field is immutable',
    ])
  })
})
