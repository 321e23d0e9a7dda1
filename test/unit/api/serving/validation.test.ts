import {describe, expect, test} from 'vitest'
import {
  validateConfiguration,
  validateDomainMapping,
  validateRevision,
  validateRoute,
  validateService,
} from '../../../../src/api/serving/validation.ts'
import type {
  Configuration,
  DomainMapping,
  Revision,
  Route,
  Service,
} from '../../../../src/api/serving/v1.ts'
import type {ObjectMeta} from '../../../../src/api/meta/object.ts'
import {admissionContext} from './contexts.ts'

const CREATE = admissionContext()
const TEMPLATE = {spec: {containers: [{name: 'c', image: 'busybox'}], containerConcurrency: 0}}

function service(spec: object = {}, metadata: Partial<ObjectMeta> = {}): Service {
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {name: 'web', ...metadata},
    spec: {template: TEMPLATE, traffic: [{latestRevision: true, percent: 100}], ...spec},
  }
}

function route(traffic: Route['spec']['traffic'], metadata: Partial<ObjectMeta> = {}): Route {
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Route',
    metadata: {name: 'web', ...metadata},
    spec: {...(traffic !== undefined && {traffic})},
  }
}

function errorsOf(object: Service, old?: Service, context = CREATE): string {
  return validateService(object, context, old).filter('error').toString()
}

describe('a Service', () => {
  test.each([
    [{name: '', generateName: 'web-'}, ''],
    [{name: ''}, 'name or generateName is required: metadata.name'],
    [{name: 'web', annotations: {'serving.knative.dev/rolloutDuration': '10s'}}, ''],
    [
      {name: 'web', annotations: {'autoscaling.knative.dev/foo': 'x'}},
      'invalid key name "autoscaling.knative.dev/foo": metadata.annotations\nautoscaling annotations must be put under "spec.template.metadata.annotations" to work',
    ],
  ])('with metadata %j', (metadata, text) => {
    expect(errorsOf(service({}, metadata))).toBe(text)
  })

  test('whose name is still to be made cannot have a named revision', () => {
    const spec = {template: {...TEMPLATE, metadata: {name: 'web-1'}}}
    expect(errorsOf(service(spec, {name: '', generateName: 'web-'}))).toBe(
      'must not set the field(s): spec.template.metadata.name',
    )
  })

  test.each([
    ['timeoutSeconds', 601, 'expected 0 <= 601 <= 600: spec.template.spec.timeoutSeconds'],
    [
      'containerConcurrency',
      1001,
      'expected 0 <= 1001 <= 1000: spec.template.spec.containerConcurrency',
    ],
  ])('with %s %i', (field, value, text) => {
    expect(errorsOf(service({template: {spec: {...TEMPLATE.spec, [field]: value}}}))).toBe(text)
  })

  test('may be forced to limit its concurrency', () => {
    const limited = admissionContext({
      defaults: {
        'allow-container-concurrency-zero': 'false',
        'container-concurrency': '5',
        'container-concurrency-max-limit': '10',
      },
    })
    expect(errorsOf(service(), undefined, limited)).toBe(
      'expected 1 <= 0 <= 10: spec.template.spec.containerConcurrency',
    )
  })

  test.each([
    [
      'queue.sidecar.serving.knative.dev/resourcePercentage',
      'x',
      'invalid value: x: spec.template.metadata.annotations.[queue.sidecar.serving.knative.dev/resourcePercentage]',
    ],
    [
      'queue.sidecar.serving.knative.dev/memory-resource-limit',
      '1Q',
      'invalid value: 1Q: spec.template.metadata.annotations.[queue.sidecar.serving.knative.dev/memory-resource-limit]',
    ],
    [
      'serving.knative.dev/progress-deadline',
      '-1s',
      'progress-deadline=-1s must be positive: spec.template.metadata.annotations.serving.knative.dev/progress-deadline',
    ],
    [
      'serving.knative.dev/progress-deadline',
      '1ms',
      'progress-deadline=1ms is not at second precision: spec.template.metadata.annotations.serving.knative.dev/progress-deadline',
    ],
  ])('whose revisions have %s: %s', (key, value, text) => {
    const metadata = {annotations: {[key]: value}}
    expect(errorsOf(service({template: {...TEMPLATE, metadata}}))).toBe(text)
  })

  test('keeps who created it, and who changed it while nothing changed', () => {
    const annotations = {
      'serving.knative.dev/creator': 'ann',
      'serving.knative.dev/lastModifier': 'ann',
    }
    const forged = {
      'serving.knative.dev/creator': 'bob',
      'serving.knative.dev/lastModifier': 'bob',
    }
    expect(errorsOf(service({}, {annotations: forged}), service({}, {annotations}))).toBe(
      'annotation value is immutable: metadata.annotations.serving.knative.dev/creator\ninvalid value: bob: metadata.annotations.serving.knative.dev/lastModifier',
    )
  })
})

describe('a Configuration', () => {
  const configuration = (metadata: Partial<ObjectMeta>): Configuration => ({
    ...service({}, metadata),
    kind: 'Configuration',
    spec: {template: TEMPLATE},
  })

  test('does not claim a Service that does not own it', () => {
    const labels = {'serving.knative.dev/service': 'web'}
    const errors = (metadata: Partial<ObjectMeta>): string =>
      validateConfiguration(configuration(metadata), CREATE).filter('error').toString()
    expect(errors({labels})).toBe('missing field(s): metadata.labels.serving.knative.dev/service')
    expect(
      errors({
        labels,
        ownerReferences: [{apiVersion: 'v1', kind: 'Service', name: 'web', uid: '1'}],
      }),
    ).toBe('')
  })
})

describe('a Revision', () => {
  const revision = (spec: object = {}): Revision => ({
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Revision',
    metadata: {name: 'web-1'},
    spec: {...TEMPLATE.spec, ...spec},
  })

  test('may carry autoscaling annotations, which are judged', () => {
    const object = revision()
    object.metadata.annotations = {'autoscaling.knative.dev/min-scale': 'x'}
    expect(validateRevision(object, CREATE).filter('error').toString()).toBe(
      'invalid value: x: metadata.annotations.autoscaling.knative.dev/min-scale',
    )
  })

  test('never changes its spec, and an old one is not judged by new rules', () => {
    const bad = revision({timeoutSeconds: 9999})
    expect(validateRevision(bad, CREATE, bad).filter('error').isEmpty).toBe(true)
    expect(validateRevision(revision({timeoutSeconds: 5}), CREATE, bad).toString()).toBe(
      'Immutable fields changed (-old +new): spec\nspec.timeoutSeconds:\n\t-: 9999\n\t+: 5\n',
    )
  })
})

describe('a Route', () => {
  test.each([
    [[{configurationName: 'web', latestRevision: true, percent: 100}], ''],
    [undefined, 'Traffic targets sum to 0, want 100: spec.traffic'],
    [
      [{revisionName: 'a', configurationName: 'b', percent: 100}],
      'expected exactly one, got both: spec.traffic[0].configurationName, spec.traffic[0].revisionName',
    ],
    [
      [{percent: 100}],
      'expected exactly one, got neither: spec.traffic[0].configurationName, spec.traffic[0].revisionName',
    ],
    [
      [{revisionName: 'b ar', percent: 100}],
      "invalid key name \"b ar\": spec.traffic[0].revisionName\nname part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    ],
    [
      [{revisionName: 'a', percent: 100, url: 'http://x'}],
      'must not set the field(s): spec.traffic[0].url',
    ],
    [
      [
        {revisionName: 'a', percent: 50, tag: 't'},
        {revisionName: 'b', percent: 50, tag: 't'},
      ],
      'Multiple definitions for "t": spec.traffic[0].tag, spec.traffic[1].tag',
    ],
  ])('%#', (traffic, text) => {
    expect(validateRoute(route(traffic), CREATE).toString()).toBe(text)
  })
})

describe('a DomainMapping', () => {
  const REF = {apiVersion: 'serving.knative.dev/v1', kind: 'Service', name: 'web'}
  const mapping = (name: string, ref: object = REF): DomainMapping => ({
    apiVersion: 'serving.knative.dev/v1beta1',
    kind: 'DomainMapping',
    metadata: {name, namespace: 'shop'},
    spec: {ref: ref as DomainMapping['spec']['ref']},
  })

  test.each([
    ['www.example.org', REF, ''],
    [
      'example',
      REF,
      'invalid name "example": name: Invalid value: "example": should be a domain with at least two segments separated by dots: metadata.name',
    ],
    [
      'web.shop.svc.cluster.local',
      REF,
      'invalid name "web.shop.svc.cluster.local": must not be a subdomain of cluster local domain "cluster.local": metadata.name',
    ],
    ['www.example.org', {}, 'missing field(s): spec.ref.apiVersion, spec.ref.kind, spec.ref.name'],
    ['www.example.org', {...REF, group: 'g'}, 'must not set the field(s): spec.ref.group'],
    [
      'www.example.org',
      {...REF, namespace: 'other'},
      'mismatched namespaces: spec.ref.namespace\nparent namespace: "shop" does not match ref: "other"',
    ],
  ])('%s %j', (name, ref, text) => {
    expect(validateDomainMapping(mapping(name, ref), CREATE).toString()).toBe(text)
  })

  test('is not a bad host name', () => {
    expect(validateDomainMapping(mapping('a_b.com'), CREATE).toString()).toContain(
      'invalid name "a_b.com": name: Invalid value: "a_b.com": a lowercase RFC 1123 subdomain must',
    )
    expect(validateDomainMapping(mapping(`${'a'.repeat(64)}.com`), CREATE).toString()).toContain(
      'must be no more than 63 characters: metadata.name',
    )
  })
})
