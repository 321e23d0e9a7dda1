import {describe, expect, test} from 'vitest'
import type {HTTPIngressPath, KIngress} from '../../../../src/api/networking/v1alpha1.ts'
import {backendsOf, makeDestinationRule} from '../../../../src/istio/net-istio/destination-rule.ts'

const split = (serviceName: string) => ({
  serviceNamespace: 'Shop',
  serviceName,
  servicePort: 443,
  percent: 50,
})

function ingress(...paths: HTTPIngressPath[]): KIngress {
  return {
    apiVersion: 'networking.internal.knative.dev/v1alpha1',
    kind: 'Ingress',
    metadata: {
      name: 'web',
      namespace: 'Shop',
      uid: '1',
      labels: {
        mine: 'ignored',
        'serving.knative.dev/route': 'web',
        'serving.knative.dev/routeNamespace': 'Shop',
      },
      annotations: {mine: 'kept'},
    },
    spec: {
      rules: [
        {hosts: ['a'], http: {paths}},
        {hosts: ['b'], http: {paths}},
      ],
    },
  }
}

describe('a DestinationRule', () => {
  test('is wanted once for each Service, and for none behind another host', () => {
    const paths: HTTPIngressPath[] = [
      {splits: [split('web-00001'), split('web-00002')]},
      {splits: [split('other')], rewriteHost: 'other.Shop.svc.cluster.local'},
    ]
    expect(backendsOf(ingress(...paths)).map(({name}) => name)).toEqual(['web-00001', 'web-00002'])
  })

  test('makes the gateways speak TLS to the activator and to the queue-proxies', () => {
    const rule = makeDestinationRule(ingress(), {namespace: 'Shop', name: 'web-00001'}, false)
    expect(rule.metadata).toMatchObject({
      name: 'web-00001.Shop.svc.cluster.local',
      namespace: 'Shop',
      annotations: {mine: 'kept'},
      ownerReferences: [{kind: 'Ingress', name: 'web', controller: true}],
    })
    expect(rule.metadata.labels).toEqual({
      'networking.internal.knative.dev/ingress': 'web',
      'serving.knative.dev/route': 'web',
      'serving.knative.dev/routeNamespace': 'Shop',
    })
    expect(rule.spec).toEqual({
      host: 'web-00001.Shop.svc.cluster.local',
      trafficPolicy: {
        tls: {
          mode: 'SIMPLE',
          credentialName: 'routing-serving-certs',
          subjectAltNames: ['kn-routing', 'kn-user-shop'],
        },
      },
    })
  })

  test('asks for HTTP/2 where the Service speaks it', () => {
    const rule = makeDestinationRule(ingress(), {namespace: 'Shop', name: 'web-00001'}, true)
    expect(rule.spec.trafficPolicy?.connectionPool).toEqual({http: {h2UpgradePolicy: 'UPGRADE'}})
  })
})
