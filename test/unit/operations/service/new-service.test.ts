import {describe, expect, test} from 'vitest'
import {serviceFromDocument} from '../../../../src/operations/service/new-service.ts'

const spec = {template: {spec: {containers: [{image: 'one'}]}}}
const key = {namespace: 'shop', name: 'web'}

describe('serviceFromDocument', () => {
  test.each([
    [{spec}],
    [{kind: 'Service', spec}],
    [{apiVersion: 'serving.knative.dev/v1', spec}],
    [{apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: {name: 'web'}, spec}],
  ])('makes a Service of %j', (document) => {
    expect(serviceFromDocument(document, key)).toEqual({
      apiVersion: 'serving.knative.dev/v1',
      kind: 'Service',
      metadata: {name: 'web', namespace: 'shop'},
      spec,
    })
  })

  test.each([
    [{apiVersion: 'v1', kind: 'Service', spec}, '"v1 Service"'],
    [{kind: 'Deployment', spec}, '"serving.knative.dev/v1 Deployment"'],
    [{apiVersion: '', kind: '', spec}, 'not a Service of serving.knative.dev/v1'],
    [[spec], 'not a Service'],
    ['a text', '"a text"'],
    ['x'.repeat(1_000_000), 'not a Service'],
  ])('refuses what is another thing', (document, said) => {
    const make = (): unknown => serviceFromDocument(document, key)
    expect(make).toThrow(said)
    expect(make).toThrow(/^.{0,200}$/)
  })
})
