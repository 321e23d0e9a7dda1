import {describe, expect, test} from 'vitest'
import {defaultPod} from '../../../../../../src/kubernetes/kinds/core/pod-spec/defaults.ts'
import {validatePod} from '../../../../../../src/kubernetes/kinds/core/pod/validation.ts'

function problems(spec: object): string[] {
  const pod = {metadata: {name: 'p'}, spec: {containers: [{name: 'c', image: 'i'}], ...spec}}
  defaultPod(pod)
  return validatePod(pod).map(({field, message}) => `${field}: ${message}`)
}

describe('a pod', () => {
  test('is valid with a name and an image', () => {
    expect(problems({})).toEqual([])
  })

  test.each([
    [{containers: []}, 'spec.containers: Required value'],
    [
      {containers: [{name: 'c', image: ' i'}]},
      'spec.containers[0].image: Invalid value: " i": must not have leading or trailing whitespace',
    ],
    [
      {
        containers: [
          {name: 'c', image: 'i'},
          {name: 'c', image: 'i'},
        ],
      },
      'spec.containers[1].name: Duplicate value: "c"',
    ],
    [
      {restartPolicy: 'Sometimes'},
      'spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
    ],
    [
      {terminationGracePeriodSeconds: -1},
      'spec.terminationGracePeriodSeconds: Invalid value: -1: must be greater than or equal to 0',
    ],
    [
      {volumes: [{name: 'v', emptyDir: {}, hostPath: {path: '/'}}]},
      'spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type',
    ],
    [{volumes: [{name: 'v', configMap: {}}]}, 'spec.volumes[0].configMap.name: Required value'],
    [
      {containers: [{name: 'c', image: 'i', volumeMounts: [{name: 'x', mountPath: '/x'}]}]},
      'spec.containers[0].volumeMounts[0].name: Not found: "x"',
    ],
    [
      {
        containers: [
          {name: 'c', image: 'i', readinessProbe: {httpGet: {port: 80}, exec: {command: ['a']}}},
        ],
      },
      'spec.containers[0].readinessProbe.httpGet: Forbidden: may not specify more than 1 handler type',
    ],
    [
      {
        containers: [
          {name: 'c', image: 'i', livenessProbe: {tcpSocket: {port: 80}, successThreshold: 2}},
        ],
      },
      'spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1',
    ],
    [
      {
        containers: [
          {name: 'c', image: 'i', resources: {requests: {memory: '2Gi'}, limits: {memory: '1Gi'}}},
        ],
      },
      'spec.containers[0].resources.requests: Invalid value: "2Gi": must be less than or equal to memory limit of 1Gi',
    ],
    [
      {
        containers: [
          {
            name: 'c',
            image: 'i',
            env: [{name: 'A', valueFrom: {secretKeyRef: {name: 's', key: ''}}}],
          },
        ],
      },
      'spec.containers[0].env[0].valueFrom.secretKeyRef.key: Required value',
    ],
  ])('with %j is refused', (spec, problem) => {
    expect(problems(spec)).toEqual([problem])
  })
})
