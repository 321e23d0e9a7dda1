import {describe, expect, test} from 'vitest'
import {
  defaultDaemonSet,
  defaultDeployment,
  defaultStatefulSet,
} from '../../../../../src/kubernetes/apiserver/defaulting/workloads.ts'
import {validateDaemonSet} from '../../../../../src/kubernetes/apiserver/validation/daemon-set.ts'
import {validateStatefulSet} from '../../../../../src/kubernetes/apiserver/validation/stateful-set.ts'
import {validateDeployment} from '../../../../../src/kubernetes/apiserver/validation/workloads.ts'
import {problemsOf} from './problems.ts'

const MISMATCH =
  'spec.template.metadata.labels: Invalid value: {"app":"a"}: `selector` does not match template `labels`'

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
        'spec.strategy: Unsupported value: {"Type":"Roll","RollingUpdate":null}: supported values: "Recreate", "RollingUpdate"',
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

describe('a DaemonSet', () => {
  function problems(spec: object): string[] {
    const object = workload(spec)
    defaultDaemonSet(object)
    return problemsOf(validateDaemonSet(object))
  }

  test.each([
    [{}, []],
    [{selector: undefined}, [MISMATCH]],
    [{selector: {}}, ['spec.selector: Invalid value: {}: empty selector is invalid for daemonset']],
    [
      {updateStrategy: {type: 'Recreate'}},
      [
        'spec.updateStrategy: Unsupported value: {"Type":"Recreate","RollingUpdate":null}: supported values: "RollingUpdate", "OnDelete"',
      ],
    ],
    [
      {updateStrategy: {rollingUpdate: {maxUnavailable: 1, maxSurge: 1}}},
      [
        'spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero',
      ],
    ],
    [
      {updateStrategy: {rollingUpdate: {maxUnavailable: 0}}},
      [
        'spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0',
      ],
    ],
  ])('with %j has %j', (spec, expected) => {
    expect(problems(spec)).toEqual(expected)
  })
})

describe('a StatefulSet', () => {
  function problems(spec: object): string[] {
    const object = workload(spec)
    defaultStatefulSet(object)
    return problemsOf(validateStatefulSet(object))
  }

  test.each([
    [{}, []],
    [{selector: undefined}, ['spec.selector: Required value', MISMATCH]],
    [
      {podManagementPolicy: 'Random'},
      ["spec.podManagementPolicy: Invalid value: \"Random\": must be 'OrderedReady' or 'Parallel'"],
    ],
    [
      {updateStrategy: {type: 'Recreate'}},
      [
        'spec.updateStrategy: Invalid value: {"Type":"Recreate","RollingUpdate":null}: must be \'RollingUpdate\' or \'OnDelete\'',
      ],
    ],
    [
      {persistentVolumeClaimRetentionPolicy: {whenDeleted: 'Keep'}},
      [
        'spec.persistentVolumeClaimRetentionPolicy.whenDeleted: Unsupported value: "Keep": supported values: "Retain", "Delete"',
      ],
    ],
    [{replicas: -1}, ['spec.replicas: Invalid value: -1: must be greater than or equal to 0']],
  ])('with %j has %j', (spec, expected) => {
    expect(problems(spec)).toEqual(expected)
  })

  test('completes the claims of its volumes, and leaves their mounts alone', () => {
    const object = workload({volumeClaimTemplates: [{metadata: {name: 'data'}, spec: {}}]})
    defaultStatefulSet(object)
    expect(object.spec['volumeClaimTemplates']).toEqual([
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: {name: 'data'},
        spec: {volumeMode: 'Filesystem'},
        status: {phase: 'Pending'},
      },
    ])
  })
})
