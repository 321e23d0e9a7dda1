import {describe, expect, test} from 'vitest'
import {validateLease} from '../../../../../src/kubernetes/kinds/coordination/validation.ts'
import {problemsOf} from '../problems.ts'

describe('a Lease', () => {
  test('lasts and changes hands a countable number of times', () => {
    expect(validateLease({spec: {leaseDurationSeconds: 15, leaseTransitions: 0}})).toEqual([])
    expect(
      problemsOf(validateLease({spec: {leaseDurationSeconds: 0, leaseTransitions: -1}})),
    ).toEqual([
      'spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0',
      'spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0',
    ])
  })

  test('prefers a holder only by a strategy', () => {
    expect(problemsOf(validateLease({spec: {preferredHolder: 'a'}}))).toEqual([
      'spec.preferredHolder: Forbidden: may only be specified if `strategy` is defined',
    ])
    expect(problemsOf(validateLease({spec: {strategy: 'Oldest'}}))).toEqual([
      'spec.strategy.strategy: Unsupported value: "Oldest": supported values: "OldestEmulationVersion"',
    ])
  })
})
