import {describe, expect, test} from 'vitest'
import {type CallResponse, whoAnswered} from '../../../src/operations/call-service.ts'

type Headers = readonly (readonly [string, string])[]

const LED: Headers = [['kntool-destination', 'default/web-00002']]
const ENVOY: Headers = [['x-envoy-upstream-service-time', '3']]

describe('who answered', () => {
  test.each<
    [
      who: string,
      answer: Pick<CallResponse, 'status' | 'headers'>,
      only: string | undefined,
      answerer: unknown,
    ]
  >([
    [
      'the pod that a gateway names',
      {status: 503, headers: [['Kntool-Trace', 'answered'], ...LED, ['kntool-pod', 'p']]},
      'web-00001',
      {kind: 'revision', revision: 'web-00002', pod: 'p'},
    ],
    [
      'nobody, where the gateway names none',
      {status: 503, headers: [['kntool-trace', 'refused'], ...LED]},
      'web-00002',
      {kind: 'refused', revision: 'web-00002'},
    ],
    [
      'nobody, where the request was led nowhere',
      {status: 404, headers: [['kntool-trace', 'refused']]},
      'web-00002',
      {kind: 'refused'},
    ],
    [
      'the only revision, behind an Envoy that passed its answer on',
      {status: 404, headers: ENVOY},
      'web-00001',
      {kind: 'revision', revision: 'web-00001'},
    ],
    ['one of several', {status: 200, headers: ENVOY}, undefined, {kind: 'revision'}],
    ['an Envoy', {status: 404, headers: []}, 'web-00001', {kind: 'refused', revision: 'web-00001'}],
    [
      'either, where an activator says the same as a container',
      {status: 503, headers: ENVOY},
      'web-00001',
      {kind: 'unsure', revision: 'web-00001'},
    ],
  ])('is %s', (_who, answer, onlyRevision, answerer) => {
    expect(whoAnswered(answer, onlyRevision)).toEqual(answerer)
  })
})
