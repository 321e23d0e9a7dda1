import {describe, expect, test} from 'vitest'
import {defaultHorizontalPodAutoscaler} from '../../../../../src/kubernetes/apiserver/defaulting/autoscaler.ts'
import {
  autoscalerFromV1,
  autoscalerToV1,
} from '../../../../../src/kubernetes/apiserver/registry/autoscaler-conversion.ts'
import {validateHorizontalPodAutoscaler} from '../../../../../src/kubernetes/apiserver/validation/autoscaler.ts'
import {problemsOf} from './problems.ts'

const scaleTargetRef = {apiVersion: 'apps/v1', kind: 'Deployment', name: 'd'}

function problems(spec: object): string[] {
  const object = {spec: {scaleTargetRef, maxReplicas: 3, ...spec}}
  defaultHorizontalPodAutoscaler(object)
  return problemsOf(validateHorizontalPodAutoscaler(object))
}

describe('a HorizontalPodAutoscaler', () => {
  test('is valid with a target and a limit', () => {
    expect(problems({})).toEqual([])
  })

  test.each([
    [
      {maxReplicas: 0},
      [
        'spec.maxReplicas: Invalid value: 0: must be greater than 0',
        'spec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas`',
      ],
    ],
    [{minReplicas: 0}, ['spec.minReplicas: Invalid value: 0: must be greater than or equal to 1']],
    [
      {scaleTargetRef: {}},
      ['spec.scaleTargetRef.kind: Required value', 'spec.scaleTargetRef.name: Required value'],
    ],
    [
      {metrics: [{type: 'Cpu'}]},
      [
        'spec.metrics[0].type: Unsupported value: "Cpu": supported values: "ContainerResource", "External", "Object", "Pods", "Resource"',
        'spec.metrics[0].cpu: Required value: must populate information for the given metric source',
      ],
    ],
    [
      {metrics: [{type: 'Resource', resource: {name: 'cpu', target: {type: 'Utilization'}}}]},
      [
        'spec.metrics[0].resource.target.averageUtilization: Required value: must set either a target raw value or a target utilization',
      ],
    ],
    [
      {metrics: [{type: 'Pods', pods: {metric: {name: ''}, target: {type: 'Sum'}}}]},
      [
        'spec.metrics[0].pods.metric.name: Required value: must specify a metric name',
        'spec.metrics[0].pods.target.type: Invalid value: "Sum": must be either Utilization, Value, or AverageValue',
        'spec.metrics[0].pods.target.averageValue: Required value: must specify a positive target averageValue',
      ],
    ],
    [
      {behavior: {scaleUp: {policies: [{type: 'All', value: 0, periodSeconds: 3600}]}}},
      [
        'spec.behavior.scaleUp.policies[0].type: Unsupported value: "All": supported values: "Percent", "Pods"',
        'spec.behavior.scaleUp.policies[0].value: Invalid value: 0: must be greater than zero',
        'spec.behavior.scaleUp.policies[0].periodSeconds: Invalid value: 3600: must be less than or equal to 1800',
      ],
    ],
  ])('of %j is refused', (spec, expected) => {
    expect(problems(spec)).toEqual(expected)
  })

  test('gets rules for both directions where it has some', () => {
    const object = {spec: {behavior: {scaleDown: {stabilizationWindowSeconds: 5}}}}
    defaultHorizontalPodAutoscaler(object)
    expect(object.spec.behavior).toEqual({
      scaleUp: {
        stabilizationWindowSeconds: 0,
        selectPolicy: 'Max',
        policies: [
          {type: 'Pods', value: 4, periodSeconds: 15},
          {type: 'Percent', value: 100, periodSeconds: 15},
        ],
      },
      scaleDown: {
        stabilizationWindowSeconds: 5,
        selectPolicy: 'Max',
        policies: [{type: 'Percent', value: 100, periodSeconds: 15}],
      },
    })
  })
})

describe('between its versions', () => {
  const share = {type: 'Utilization', averageUtilization: 50}
  const cpu = {type: 'Resource', resource: {name: 'cpu', target: share}}
  const memory = {
    type: 'Resource',
    resource: {name: 'memory', target: {type: 'AverageValue', averageValue: '1Gi'}},
  }
  const external = {
    type: 'External',
    external: {
      metric: {name: 'queue', selector: {matchLabels: {q: 'a'}}},
      target: {type: 'Value', value: '30'},
    },
  }
  const behavior = {
    scaleUp: {selectPolicy: 'Max', policies: [{type: 'Pods', value: 1, periodSeconds: 15}]},
  }
  const stored = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: {name: 'h', annotations: {mine: 'stays'}},
    spec: {maxReplicas: 3, metrics: [memory, external, cpu], behavior},
    status: {currentMetrics: null, currentReplicas: 1, desiredReplicas: 1},
  }

  test('keeps what the first version cannot say in annotations', () => {
    expect(autoscalerToV1(stored)).toEqual({
      apiVersion: 'autoscaling/v1',
      kind: 'HorizontalPodAutoscaler',
      metadata: {
        name: 'h',
        annotations: {
          mine: 'stays',
          'autoscaling.alpha.kubernetes.io/metrics':
            '[{"type":"Resource","resource":{"name":"memory","targetAverageValue":"1Gi"}},{"type":"External","external":{"metricName":"queue","metricSelector":{"matchLabels":{"q":"a"}},"targetValue":"30"}}]',
          'autoscaling.alpha.kubernetes.io/behavior':
            '{"ScaleUp":{"StabilizationWindowSeconds":null,"SelectPolicy":"Max","Policies":[{"Type":"Pods","Value":1,"PeriodSeconds":15}],"Tolerance":null},"ScaleDown":null}',
        },
      },
      spec: {maxReplicas: 3, targetCPUUtilizationPercentage: 50},
      status: {currentReplicas: 1, desiredReplicas: 1},
    })
  })

  test('comes back as it was', () => {
    expect(autoscalerFromV1(autoscalerToV1(stored))).toEqual(stored)
  })

  test('aims at 80 % of the CPU where the first version aims at nothing', () => {
    const {spec} = autoscalerFromV1({spec: {maxReplicas: 3}, metadata: {name: 'h'}})
    const target = {type: 'Utilization', averageUtilization: 80}
    expect(spec).toEqual({
      maxReplicas: 3,
      metrics: [{type: 'Resource', resource: {name: 'cpu', target}}],
    })
  })
})
