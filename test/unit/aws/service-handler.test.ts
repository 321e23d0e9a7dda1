import {expect, test} from 'vitest'
import type {CoreService} from '../../../src/api/core/v1.ts'
import {serviceHandler} from '../../../src/aws/load-balancer-controller/service-handler.ts'

const AWS = 'service.beta.kubernetes.io/aws-load-balancer-'

test.each([
  ['service.k8s.aws/nlb', undefined, undefined, 'load-balancer-controller'],
  ['service.k8s.aws/nlb', 'nlb', 'ipp', 'load-balancer-controller'],
  ['eks.amazonaws.com/nlb', 'external', 'ip', 'other-class'],
  [undefined, 'external', 'ip', 'load-balancer-controller'],
  [undefined, 'external', 'instance', 'load-balancer-controller'],
  [undefined, 'external', undefined, 'nobody'],
  [undefined, 'external', 'ipp', 'nobody'],
  [undefined, 'nlb-ip', undefined, 'load-balancer-controller'],
  [undefined, 'nlb', 'ip', 'cloud-provider-nlb'],
  [undefined, undefined, undefined, 'cloud-provider-classic'],
] as const)('class %s, type %s, target type %s: %s', (loadBalancerClass, type, target, handler) => {
  const service: CoreService = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'g',
      annotations: {
        ...(type !== undefined && {[`${AWS}type`]: type}),
        ...(target !== undefined && {[`${AWS}nlb-target-type`]: target}),
      },
    },
    spec: {type: 'LoadBalancer', ...(loadBalancerClass !== undefined && {loadBalancerClass})},
  }
  expect(serviceHandler(service)).toBe(handler)
})
