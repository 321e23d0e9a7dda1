import {describe, expect, test} from 'vitest'
import {
  followService,
  parseServiceHost,
} from '../../../../src/kubernetes/kube-proxy/service-host.ts'
import type {ServiceTarget} from '../../../../src/kubernetes/kube-proxy/service-target.ts'

describe('parseServiceHost', () => {
  test.each([
    ['web', 'web', 'own'],
    ['web.other', 'web', 'other'],
    ['Web.other.svc', 'web', 'other'],
    ['web.other.svc.cluster.local', 'web', 'other'],
    ['web.other.example.com', 'web.other.example.com', undefined],
    ['web.other.svc.example.com', 'web.other.svc.example.com', undefined],
  ])('reads %s as %s in %s', (host, name, namespace) => {
    expect(parseServiceHost(host, 80, 'own')).toEqual({name, namespace, port: 80})
  })
})

describe('followService', () => {
  const addresses = [{ip: '10.244.0.2', port: 8080}]
  const targets: Readonly<Record<string, ServiceTarget>> = {
    'default/web': {kind: 'endpoints', addresses},
    'default/alias': {kind: 'external-name', host: 'web.default.svc.cluster.local'},
    'default/abroad': {kind: 'external-name', host: 'example.com'},
    'default/dangling': {kind: 'external-name', host: 'nobody.default.svc.cluster.local'},
    'default/circle': {kind: 'external-name', host: 'circle.default.svc.cluster.local'},
  }
  const follow = (name: string): unknown =>
    followService((...[service, namespace]) => targets[`${namespace}/${service}`], {
      name,
      namespace: 'default',
      port: 80,
    })

  test('ends at the addresses, under the last of the names', () => {
    const service = {name: 'web', namespace: 'default', port: 80}
    expect(follow('web')).toEqual({kind: 'endpoints', service, addresses})
    expect(follow('alias')).toEqual({kind: 'endpoints', service, addresses})
  })

  test('ends outside, at a name that is missing, or in a circle', () => {
    expect(follow('abroad')).toEqual({kind: 'outside', host: 'example.com', port: 80})
    expect(follow('dangling')).toEqual({kind: 'missing', name: 'nobody', namespace: 'default'})
    expect(follow('circle')).toEqual({kind: 'circle'})
  })
})
