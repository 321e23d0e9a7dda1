import {describe, expect, test} from 'vitest'
import {domainFor, parseDomainConfig} from '../../../../src/api/config/domain.ts'
import {
  expandDomainTemplate,
  expandTagTemplate,
  parseNetworkConfig,
} from '../../../../src/api/config/network.ts'

describe('config-network', () => {
  test('an empty one gives the usual hosts', () => {
    const config = parseNetworkConfig({})
    const where = {name: 'web', namespace: 'shop', domain: 'example.com'}
    expect(expandDomainTemplate(config, where)).toBe('web.shop.example.com')
    expect(expandTagTemplate(config, {name: 'web', tag: 'next'})).toBe('next-web')
    expect(config).toMatchObject({
      defaultIngressClass: 'istio.ingress.networking.knative.dev',
      httpProtocol: 'enabled',
      externalDomainTls: false,
      meshCompatibilityMode: 'auto',
      rolloutDurationSeconds: 0,
    })
  })

  test('a template may look at labels and annotations', () => {
    const config = parseNetworkConfig({
      'domain-template':
        '{{.Name}}{{if index .Labels "sub"}}.{{index .Labels "sub"}}{{end}}.{{.Domain}}',
    })
    const where = {name: 'web', namespace: 'shop', domain: 'example.com'}
    expect(expandDomainTemplate(config, {...where, labels: {sub: 'eu'}})).toBe('web.eu.example.com')
    expect(expandDomainTemplate(config, where)).toBe('web.example.com')
  })

  test('old spellings are read, new ones win', () => {
    expect(
      parseNetworkConfig({
        'ingress.class': 'old',
        'ingress-class': 'new',
        rolloutDuration: '11',
        autoTLS: 'Enabled',
        httpProtocol: 'Redirected',
        'internal-encryption': 'true',
        'mesh-compatibility-mode': 'nonsense',
      }),
    ).toMatchObject({
      defaultIngressClass: 'new',
      rolloutDurationSeconds: 11,
      externalDomainTls: true,
      httpProtocol: 'redirected',
      systemInternalTls: true,
      meshCompatibilityMode: 'auto',
    })
    expect(
      parseNetworkConfig({'auto-tls': 'enabled', 'external-domain-tls': 'disabled'})
        .externalDomainTls,
    ).toBe(false)
  })

  test('a selector of namespaces is YAML', () => {
    const config = parseNetworkConfig({
      'namespace-wildcard-cert-selector': 'matchLabels:\n  tls: "on"\n',
    })
    expect(config.namespaceWildcardCertSelector).toEqual({matchLabels: {tls: 'on'}})
  })

  test.each([
    [{'rollout-duration': '-444'}, 'rollout-duration must be a positive integer, but was -444'],
    [
      {'rollout-duration': 'mmxvii'},
      'failed to parse "rollout-duration": strconv.Atoi: parsing "mmxvii": invalid syntax',
    ],
    [{'http-protocol': 'wrong'}, 'httpProtocol wrong in config-network ConfigMap is not supported'],
    [
      {'system-internal-tls': 'wrong'},
      'system-internal-tls with value: "wrong" in config-network ConfigMap is not supported',
    ],
    [
      {'domain-template': '{{.Name}}.{{.Namespace}}/{{.Domain}}'},
      'domain template has url path: /baz.com',
    ],
    [{'domain-template': ''}, 'empty hostname'],
    [
      {'domain-template': '{{.Name}}_{{.Labels.x}}'},
      'parse "https://foo_<no value>": invalid character " " in host name',
    ],
    [
      {'tag-template': '{{.Namespace}}'},
      'template: tag-template:1:2: executing "tag-template" at <.Namespace>: can\'t evaluate field Namespace in type config.TagTemplateValues',
    ],
  ] as [Record<string, string>, string][])('%j is refused', (data, message) => {
    expect(() => parseNetworkConfig(data)).toThrow(new Error(message))
  })
})

describe('config-domain', () => {
  const config = parseDomainConfig({
    _example: 'not looked at: [',
    'default.com': '',
    'prod.com': 'selector:\n  app: prod\n',
    'a-prod.com': 'selector:\n  app: prod\n',
    'prod-eu.com': 'selector:\n  app: prod\n  zone: eu\n',
    'number.com': 'selector:\n  version: 2\n',
  })

  test.each([
    [undefined, 'default.com'],
    [{app: 'other'}, 'default.com'],
    [{app: 'prod'}, 'a-prod.com'],
    [{app: 'prod', zone: 'eu'}, 'prod-eu.com'],
    [{version: '2'}, 'number.com'],
    [{app: 'prod', 'networking.knative.dev/visibility': 'cluster-local'}, 'svc.cluster.local'],
  ] as [Record<string, string> | undefined, string][])('%j gets %s', (labels, domain) => {
    expect(domainFor(config, labels)).toBe(domain)
  })

  test('without a domain for everybody, the cluster itself is that', () => {
    const only = parseDomainConfig({'prod.com': 'selector:\n  app: prod\n'})
    expect(domainFor(only, {})).toBe('svc.cluster.local')
  })

  test.each([
    [
      'selector: [',
      'error converting YAML to JSON: yaml: line 1: did not find expected node content',
    ],
    [
      'app',
      'error unmarshaling JSON: while decoding JSON: json: cannot unmarshal string into Go value of type config.LabelSelector',
    ],
    [
      'selector: 1',
      'error unmarshaling JSON: while decoding JSON: json: cannot unmarshal number into Go struct field LabelSelector.selector of type map[string]string',
    ],
    [
      'selector: {app: [a]}',
      'error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go struct field LabelSelector.selector of type string',
    ],
  ])('%j is no selector', (text, message) => {
    expect(() => parseDomainConfig({'x.com': text})).toThrow(new Error(message))
  })
})
