import {describe, expect, test} from 'vitest'
import type {KubeObject} from '../../../../../src/api/meta/object.ts'
import {
  validatePriorityClass,
  validatePriorityClassUpdate,
} from '../../../../../src/kubernetes/kinds/scheduling/validation.ts'
import {problemsOf} from '../problems.ts'

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
