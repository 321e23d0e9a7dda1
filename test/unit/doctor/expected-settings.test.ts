import {describe, expect, test} from 'vitest'
import type {CoreService} from '../../../src/api/core/v1.ts'
import {expectedSettings, type Traces} from '../../../src/doctor/expected-settings.ts'
import {defaultWishes, settle} from '../../../src/install/settings.ts'

const SIGNS = {embedded: false, nodesOnAws: true, hasExternalDns: true}
const PREFIX = 'service.beta.kubernetes.io/aws-load-balancer-'
const HOSTNAME = {'external-dns.alpha.kubernetes.io/hostname': '*.knative.example.com'}

function traces(rest: Partial<Traces>): Traces {
  return {remembered: undefined, gateway: undefined, configDomain: undefined, signs: SIGNS, ...rest}
}

function gateway(annotations: Record<string, string>, loadBalancerClass?: string): CoreService {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {name: 'istio-ingressgateway', annotations},
    spec: {type: 'LoadBalancer', ...(loadBalancerClass !== undefined && {loadBalancerClass})},
  }
}

describe('expectedSettings', () => {
  test('are those that an installation remembered', () => {
    const remembered = settle(defaultWishes('a.example.com'), SIGNS)
    expect(expectedSettings(traces({remembered}))).toBe(remembered)
  })

  test('are read off the gateway of a cluster that was set up by hand', () => {
    const annotations = {
      ...HOSTNAME,
      [`${PREFIX}scheme`]: 'internet-facing',
      [`${PREFIX}name`]: 'gw',
    }
    const configDomain = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {name: 'config-domain'},
      data: {'knative.example.com': ''},
    }
    const found = expectedSettings(
      traces({gateway: gateway(annotations, 'service.k8s.aws/nlb'), configDomain}),
    )
    expect(found).toMatchObject({
      domains: [{name: 'knative.example.com', selector: {}}],
      loadBalancer: {kind: 'nlb', nlb: {scheme: 'internet-facing', name: 'gw'}},
      dns: 'external-dns',
    })
  })

  test('take a gateway without a scheme for an internal one, as its controller does', () => {
    const found = expectedSettings(traces({gateway: gateway({}, 'service.k8s.aws/nlb')}))
    expect(found.loadBalancer).toMatchObject({nlb: {scheme: 'internal'}})
  })

  test('leave the record to others where no name is asked for', () => {
    const found = expectedSettings(traces({gateway: gateway({})}))
    expect(found).toMatchObject({loadBalancer: {kind: 'service'}, dns: 'none'})
  })
})
