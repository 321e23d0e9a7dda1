import {expect, test} from 'vitest'
import type {CoreService} from '../../../../src/api/core/v1.ts'
import {gatewayService} from '../../../../src/install/gateway/gateway-service.ts'
import {DEFAULT_NLB, type NlbSettings} from '../../../../src/install/gateway/nlb-settings.ts'

const MANIFEST: CoreService = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name: 'istio-ingressgateway',
    namespace: 'istio-system',
    labels: {istio: 'ingressgateway'},
  },
  spec: {
    type: 'LoadBalancer',
    ports: [
      {name: 'status-port', port: 15021, targetPort: 15021},
      {name: 'http2', port: 80, targetPort: 8080},
      {name: 'https', port: 443, targetPort: 8443},
    ],
    selector: {istio: 'ingressgateway'},
  },
}

function withNlb(nlb: Partial<NlbSettings>): CoreService {
  return gatewayService(MANIFEST, {
    loadBalancer: {kind: 'nlb', nlb: {...DEFAULT_NLB, ...nlb}},
    hostnames: ['*.knative.example.com'],
  })
}

test('the walkthrough: its annotations without the contradiction and the setting without effect', () => {
  const service = withNlb({subnets: ['subnet-0a', 'subnet-0b']})
  expect(service.metadata.annotations).toEqual({
    'external-dns.alpha.kubernetes.io/hostname': '*.knative.example.com',
    'external-dns.kubernetes.io/hostname': '*.knative.example.com',
    'service.beta.kubernetes.io/aws-load-balancer-attributes':
      'load_balancing.cross_zone.enabled=true',
    'service.beta.kubernetes.io/aws-load-balancer-name': 'istio-ingressgateway',
    'service.beta.kubernetes.io/aws-load-balancer-nlb-target-type': 'instance',
    'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internet-facing',
    'service.beta.kubernetes.io/aws-load-balancer-subnets': 'subnet-0a,subnet-0b',
    'service.beta.kubernetes.io/aws-load-balancer-type': 'external',
    'service.beta.kubernetes.io/load-balancer-source-ranges': '0.0.0.0/0',
  })
  expect(service.spec).toEqual({...MANIFEST.spec, loadBalancerClass: 'service.k8s.aws/nlb'})
})

test('targets by address are checked by the readiness of the gateway itself', () => {
  expect(withNlb({targetType: 'ip'}).metadata.annotations).toMatchObject({
    'service.beta.kubernetes.io/aws-load-balancer-healthcheck-protocol': 'http',
    'service.beta.kubernetes.io/aws-load-balancer-healthcheck-port': '15021',
    'service.beta.kubernetes.io/aws-load-balancer-healthcheck-path': '/healthz/ready',
  })
})

test('where TLS ends at the load balancer, port 443 leads to the plain port of the gateway', () => {
  const certificateArn = 'arn:aws:acm:eu-central-1:123456789012:certificate/1'
  const service = withNlb({certificateArn})
  expect(service.metadata.annotations).toMatchObject({
    'service.beta.kubernetes.io/aws-load-balancer-ssl-cert': certificateArn,
    'service.beta.kubernetes.io/aws-load-balancer-ssl-ports': '443',
  })
  expect(service.spec.ports?.map(({port, targetPort}) => [port, targetPort])).toEqual([
    [15021, 15021],
    [80, 8080],
    [443, 8080],
  ])
})

test('attributes are one text, whatever the order they were given in', () => {
  const {annotations} = withNlb({attributes: {'deletion_protection.enabled': 'true'}}).metadata
  expect(annotations?.['service.beta.kubernetes.io/aws-load-balancer-attributes']).toBe(
    'deletion_protection.enabled=true,load_balancing.cross_zone.enabled=true',
  )
})

test('what the cluster gives is the Service of the release', () => {
  expect(gatewayService(MANIFEST, {loadBalancer: {kind: 'service'}, hostnames: []})).toEqual(
    MANIFEST,
  )
})

test('without a load balancer the gateway is for the cluster only', () => {
  const {spec} = gatewayService(MANIFEST, {loadBalancer: {kind: 'none'}, hostnames: []})
  expect(spec.type).toBe('ClusterIP')
})

test('the Service of the release itself stays as it was', () => {
  const before = structuredClone(MANIFEST)
  withNlb({certificateArn: 'arn'})
  expect(MANIFEST).toEqual(before)
})
