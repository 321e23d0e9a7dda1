import {describe, expect, test} from 'vitest'
import {defaultDeployment} from '../../../../../src/kubernetes/kinds/apps/defaults.ts'
import {validateDeployment} from '../../../../../src/kubernetes/kinds/apps/validation.ts'
import {problemsOf} from '../problems.ts'

function workload(spec: object): {spec: Record<string, unknown>} {
  return {
    spec: {
      selector: {matchLabels: {app: 'a'}},
      template: {
        metadata: {labels: {app: 'a'}},
        spec: {containers: [{name: 'c', image: 'i'}]},
      },
      ...structuredClone(spec),
    },
  }
}

describe('a Deployment', () => {
  function problems(spec: object): string[] {
    const object = workload(spec)
    defaultDeployment(object)
    return problemsOf(validateDeployment(object))
  }

  test.each([
    [{}, []],
    [
      {strategy: {type: 'Roll'}},
      [
        'spec.strategy.type: Unsupported value: "Roll": supported values: "Recreate", "RollingUpdate"',
      ],
    ],
    [
      {strategy: {rollingUpdate: {maxUnavailable: 0, maxSurge: '0%'}}},
      [
        'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0',
      ],
    ],
    [
      {
        template: {
          metadata: {labels: {app: 'a'}},
          spec: {
            restartPolicy: 'Never',
            activeDeadlineSeconds: 5,
            containers: [{name: 'c', image: 'i'}],
          },
        },
      },
      [
        'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
        'spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported',
      ],
    ],
  ])('with %j has %j', (spec, expected) => {
    expect(problems(spec)).toEqual(expected)
  })
})
