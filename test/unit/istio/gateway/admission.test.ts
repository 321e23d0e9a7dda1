import {describe, expect, test} from 'vitest'
import type {AdmissionRequest} from '../../../../src/api/admission.ts'
import type {HTTPMatchRequest} from '../../../../src/api/istio/v1beta1.ts'
import {istioAdmission} from '../../../../src/istio/gateway/admission.ts'

function write(match: HTTPMatchRequest): void {
  const object = {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'VirtualService',
    metadata: {name: 'a', namespace: 'default'},
    spec: {hosts: ['a.test'], http: [{match: [match]}]},
  }
  void istioAdmission.validate?.({object} as unknown as AdmissionRequest)
}

describe('istioAdmission', () => {
  test('lets patterns of RE2 pass', () => {
    expect(() => write({uri: {regex: '/(a+)+$'}, headers: {x: {regex: 'b|c'}}})).not.toThrow()
  })

  test.each<[HTTPMatchRequest, string]>([
    [{uri: {regex: '(?=a)'}}, '"uri": error parsing regexp: invalid or unsupported Perl syntax'],
    [{authority: {regex: 'a('}}, '"authority": error parsing regexp: missing closing )'],
    [{headers: {cookie: {regex: '['}}}, '"cookie": error parsing regexp: missing closing ]'],
    [{method: {regex: ''}}, '"method": regex string match should not be empty'],
    [{uri: {regex: 'a'.repeat(1025)}}, '"uri": regex is too large, max length allowed is 1024'],
  ])('refuses %j', (match, message) => {
    expect(() => write(match)).toThrow(
      `admission webhook "validation.istio.io" denied the request: configuration is invalid: ${message}`,
    )
  })
})
