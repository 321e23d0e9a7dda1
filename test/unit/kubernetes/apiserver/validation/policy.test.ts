import {describe, expect, test} from 'vitest'
import {
  validatePodDisruptionBudget,
  validatePodDisruptionBudgetStatus,
} from '../../../../../src/kubernetes/apiserver/validation/disruption-budget.ts'
import {validateLease} from '../../../../../src/kubernetes/apiserver/validation/lease.ts'
import {problemsOf} from './problems.ts'

describe('a PodDisruptionBudget', () => {
  const selector = {matchLabels: {app: 'a'}}

  test.each([{minAvailable: 1}, {maxUnavailable: '50%'}, {}])('of %j is valid', (spec) => {
    expect(validatePodDisruptionBudget({spec: {selector, ...spec}})).toEqual([])
  })

  test.each([
    [
      {minAvailable: 1, maxUnavailable: '10%'},
      'spec: Invalid value: {"MinAvailable":1,"Selector":{"matchLabels":{"app":"a"}},"MaxUnavailable":"10%","UnhealthyPodEvictionPolicy":null}: minAvailable and maxUnavailable cannot be both set',
    ],
    [
      {minAvailable: -1},
      'spec.minAvailable: Invalid value: -1: must be greater than or equal to 0',
    ],
    [
      {maxUnavailable: '101%'},
      'spec.maxUnavailable: Invalid value: "101%": must not be greater than 100%',
    ],
    [
      {minAvailable: 'half'},
      `spec.minAvailable: Invalid value: "half": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')`,
    ],
    [
      {unhealthyPodEvictionPolicy: 'Never'},
      'spec.unhealthyPodEvictionPolicy: Unsupported value: "Never": supported values: "AlwaysAllow", "IfHealthyBudget"',
    ],
    [
      {selector: {matchExpressions: [{key: 'a', operator: 'Is'}]}},
      'spec.selector.matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator',
    ],
  ])('of %j is refused', (spec, problem) => {
    expect(problemsOf(validatePodDisruptionBudget({spec: {selector, ...spec}}))).toEqual([problem])
  })

  test('counts nothing below zero, and explains its conditions', () => {
    const status = {currentHealthy: -1, conditions: [{type: 'a', status: 'Maybe'}]}
    expect(problemsOf(validatePodDisruptionBudgetStatus({status}))).toEqual([
      'status.conditions[0].status: Unsupported value: "Maybe": supported values: "False", "True", "Unknown"',
      'status.conditions[0].lastTransitionTime: Required value',
      'status.conditions[0].reason: Required value',
      'status.currentHealthy: Invalid value: -1: must be greater than or equal to 0',
    ])
  })
})

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
