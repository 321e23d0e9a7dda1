import {describe, expect, test} from 'vitest'
import {
  setIngressDefaults,
  validateCertificate,
  validateIngress,
  validateServerlessService,
} from '../../../../src/api/networking/validation.ts'
import type {
  KCertificate,
  KIngress,
  ServerlessService,
} from '../../../../src/api/networking/v1alpha1.ts'

const SPLIT = {serviceName: 'web', serviceNamespace: 'shop', servicePort: 80, percent: 100}
const RULE = {hosts: ['a'], http: {paths: [{splits: [SPLIT]}]}}

function ingress(spec: object): KIngress {
  return {
    apiVersion: 'networking.internal.knative.dev/v1alpha1',
    kind: 'Ingress',
    metadata: {name: 'web', namespace: 'shop'},
    spec,
  }
}

function withSplits(...splits: object[]): KIngress {
  return ingress({rules: [{http: {paths: [{splits}]}}]})
}

const AT_SPLITS = 'spec.rules[0].http.paths[0].splits'

describe('a KIngress', () => {
  test('gets visibility, and all traffic for an only split', () => {
    const object = withSplits({...SPLIT, percent: 0})
    setIngressDefaults(object)
    expect(object.spec.rules?.[0]).toMatchObject({
      visibility: 'ExternalIP',
      http: {paths: [{splits: [{percent: 100}]}]},
    })
  })

  test.each([
    [ingress({rules: [RULE], httpOption: 'Redirected'}), ''],
    [ingress({}), 'missing field(s): spec'],
    [
      ingress({httpOption: 'Odd'}),
      'invalid value: Odd: spec.httpOption\nmissing field(s): spec.rules',
    ],
    [ingress({rules: [{}]}), 'missing field(s): spec.rules[0]'],
    [ingress({rules: [{hosts: ['a']}]}), 'missing field(s): spec.rules[0].http'],
    [ingress({rules: [{hosts: ['a'], http: {}}]}), 'missing field(s): spec.rules[0].http.paths'],
    [
      ingress({rules: [RULE], tls: [{secretName: 'a'}]}),
      'missing field(s): spec.tls[0].secretNamespace',
    ],
    [withSplits(), 'missing field(s): spec.rules[0].http.paths[0]'],
    [
      withSplits({serviceName: '', serviceNamespace: '', servicePort: 0}),
      `missing field(s): ${AT_SPLITS}[0]`,
    ],
    [withSplits({...SPLIT, percent: 101}), `invalid value: 101: ${AT_SPLITS}[0].percent`],
    [
      withSplits({...SPLIT, percent: 50}),
      `traffic split percentage must total to 100, but was 50: ${AT_SPLITS}`,
    ],
    [
      withSplits({...SPLIT, serviceNamespace: 'other'}),
      `service namespace must match ingress namespace: ${AT_SPLITS}[0].serviceNamespace`,
    ],
    [
      withSplits({percent: 100, serviceNamespace: 'shop'}),
      `missing field(s): ${AT_SPLITS}[0].serviceName, ${AT_SPLITS}[0].servicePort`,
    ],
  ])('%#', (object, text) => {
    expect(validateIngress(object).toString()).toBe(text)
  })
})

describe('a ServerlessService', () => {
  const SPEC = {
    mode: 'Serve',
    protocolType: 'http1',
    objectRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'web'},
  }
  const sks = (spec: object, annotations: Record<string, string> = {}): ServerlessService => ({
    apiVersion: 'networking.internal.knative.dev/v1alpha1',
    kind: 'ServerlessService',
    metadata: {name: 'web', annotations},
    spec: spec as ServerlessService['spec'],
  })

  test.each([
    [sks(SPEC, {'networking.knative.dev/ingress.class': 'a'}), ''],
    [
      sks(SPEC, {'networking.knative.dev/odd': 'a'}),
      'invalid key name "networking.knative.dev/odd": annotations',
    ],
    [sks({}), 'missing field(s): spec'],
    [
      sks({...SPEC, mode: 'Odd', numActivators: -1}),
      'invalid value: -1: spec.numActivators\ninvalid value: Odd: spec.mode',
    ],
    [
      sks({...SPEC, mode: '', objectRef: {apiVersion: 'a', kind: '1', name: 'b.c'}}),
      "invalid value: a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used for validation is '[A-Za-z_][A-Za-z0-9_]*'): spec.objectRef.kind\ninvalid value: must not contain dots: spec.objectRef.name\nmissing field(s): spec.mode",
    ],
  ])('%#', (object, text) => {
    expect(validateServerlessService(object).toString()).toBe(text)
  })
})

describe('a Certificate', () => {
  const certificate = (spec: KCertificate['spec']): KCertificate => ({
    apiVersion: 'networking.internal.knative.dev/v1alpha1',
    kind: 'Certificate',
    metadata: {name: 'web'},
    spec,
  })

  test.each([
    [{dnsNames: ['a.b.c'], secretName: 's', domain: 'b.c'}, ''],
    [{dnsNames: [], secretName: ''}, 'missing field(s): spec.dnsNames, spec.secretName'],
    [{dnsNames: ['a', ''], secretName: 's'}, 'invalid value: : spec.dnsNames[1]'],
    [
      {dnsNames: ['a.b'], secretName: 's', domain: 'c'},
      'invalid value: domain: spec.domain must be a suffix of, or match exactly, at least one entry in dnsNames',
    ],
  ])('%#', (spec, text) => {
    expect(validateCertificate(certificate(spec)).toString()).toBe(text)
  })
})
