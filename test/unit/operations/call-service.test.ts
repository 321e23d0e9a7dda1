import {describe, expect, test} from 'vitest'
import {whoAnswered} from '../../../src/operations/call-service.ts'

type Headers = readonly (readonly [string, string])[]

const LED: Headers = [['kntool-destination', 'default/web-00002']]
const ENVOY: Headers = [['x-envoy-upstream-service-time', '3']]

describe('who answered', () => {
  test.each<[string, number, Headers, string | undefined, unknown]>([
    [
      'the pod that a gateway names',
      503,
      [['Kntool-Trace', 'answered'], ...LED, ['kntool-pod', 'p']],
      'web-00001',
      {kind: 'revision', revision: 'web-00002', pod: 'p'},
    ],
    [
      'nobody, where the gateway names none',
      503,
      [['kntool-trace', 'refused'], ...LED],
      'web-00002',
      {kind: 'refused', revision: 'web-00002'},
    ],
    [
      'nobody, where the request was led nowhere',
      404,
      [['kntool-trace', 'refused']],
      'web-00002',
      {kind: 'refused'},
    ],
    [
      'the only revision, behind an Envoy that passed its answer on',
      404,
      ENVOY,
      'web-00001',
      {kind: 'revision', revision: 'web-00001'},
    ],
    ['one of several', 200, ENVOY, undefined, {kind: 'revision'}],
    ['an Envoy', 404, [], 'web-00001', {kind: 'refused', revision: 'web-00001'}],
    [
      'either, where an activator says the same as a container',
      503,
      ENVOY,
      'web-00001',
      {kind: 'unsure', revision: 'web-00001'},
    ],
  ])('is %s', (_who, status, headers, onlyRevision, answerer) => {
    expect(whoAnswered({status, headers}, onlyRevision)).toEqual(answerer)
  })
})
