import {describe, expect, test} from 'vitest'
import {type ConfigSnapshot, defaultConfigs} from '../../../../../src/api/config/config-store.ts'
import {parseDomainConfig} from '../../../../../src/api/config/domain.ts'
import {parseNetworkConfig} from '../../../../../src/api/config/network.ts'
import type {ObjectMeta} from '../../../../../src/api/meta/object.ts'
import {hostFor} from '../../../../../src/knative/controller/route/domains.ts'
import {clusterLocalHosts} from '../../../../../src/knative/controller/route/ingress.ts'

const route: ObjectMeta = {name: 'hello', namespace: 'team', labels: {app: 'web'}}

function config(domains: Record<string, string>, network: Record<string, string> = {}) {
  const snapshot: ConfigSnapshot = {
    ...defaultConfigs(),
    domain: parseDomainConfig(domains),
    network: parseNetworkConfig(network),
  }
  return snapshot
}

describe('the host of a Route', () => {
  test.each([
    ['of its default domain', {'example.com': ''}, 'hello.team.example.com'],
    [
      'of the domain whose labels fit',
      {'example.com': '', 'web.org': 'selector: {app: web}'},
      'hello.team.web.org',
    ],
    [
      'of no domain whose labels do not fit',
      {'example.com': '', 'web.org': 'selector: {app: db}'},
      'hello.team.example.com',
    ],
  ])('is %s', (_name, domains, host) => {
    expect(hostFor(route, '', 'ExternalIP', config(domains as Record<string, string>))).toBe(host)
  })

  test('carries the tag in front', () => {
    expect(hostFor(route, 'v1', 'ExternalIP', config({'example.com': ''}))).toBe(
      'v1-hello.team.example.com',
    )
  })

  test('follows the templates, but for hosts inside of the cluster', () => {
    const templates = config(
      {'example.com': ''},
      {
        'domain-template': '{{.Name}}--{{.Namespace}}.{{index .Labels "app"}}.{{.Domain}}',
        'tag-template': '{{.Name}}-{{.Tag}}',
      },
    )
    expect(hostFor(route, 'v1', 'ExternalIP', templates)).toBe('hello-v1--team.web.example.com')
    expect(hostFor(route, 'v1', 'ClusterLocal', templates)).toBe('hello-v1.team.svc.cluster.local')
  })

  test.each([
    ['not.a_host', /a lowercase RFC 1123 subdomain must consist of/],
    ['single', /should be a domain with at least two segments separated by dots/],
    [`${'a'.repeat(64)}.com`, /Invalid value: "a+": must be no more than 63 characters/],
    [`${'a.'.repeat(130)}com`, /must be no more than 253 characters/],
  ])('is not %s', (host, problem) => {
    const network = parseNetworkConfig({})
    const settings = {...config({'example.com': ''}), network: {...network, domainTemplate: host}}
    expect(() => hostFor(route, '', 'ExternalIP', settings)).toThrow(problem)
  })
})

describe('the hosts inside of the cluster', () => {
  test('have short forms', () => {
    expect(clusterLocalHosts('hello.team.svc.cluster.local')).toEqual([
      'hello.team',
      'hello.team.svc',
      'hello.team.svc.cluster.local',
    ])
  })

  test('leave out forms that would be taken for an address', () => {
    expect(clusterLocalHosts('hello.123.svc.cluster.local')).toEqual([
      'hello.123.svc',
      'hello.123.svc.cluster.local',
    ])
  })
})
