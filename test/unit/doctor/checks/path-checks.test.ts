import {describe, expect, test} from 'vitest'
import type {Service} from '../../../../src/api/serving/v1.ts'
import {
  judgeAdmission,
  judgeAnswer,
  judgeResolution,
  judgeServices,
} from '../../../../src/doctor/checks/path-checks.ts'

describe('judgeResolution', () => {
  const host = 'kntool-probe.knative.example.com'
  test.each([
    [['192.0.2.1'], false, 'ok'],
    [[], true, 'skipped'],
    [[], false, 'error'],
  ])('addresses %j, internal %s', (addresses, isInternal, result) => {
    expect(judgeResolution({host, addresses, isInternal}).result).toBe(result)
  })
})

describe('judgeAnswer', () => {
  const answer = (server: string) => ({status: 404, headers: {server}, text: ''})

  test('404 of Envoy is the gateway', () => {
    expect(judgeAnswer({where: 'lb', answer: answer('istio-envoy')}).result).toBe('ok')
  })

  test('404 of somebody else is not', () => {
    expect(judgeAnswer({where: 'lb', answer: answer('nginx')})).toMatchObject({
      result: 'error',
      message: 'Who answers at lb (404) is nginx, not the gateway.',
    })
  })

  test('no answer tells what is between from the name', () => {
    expect(judgeAnswer({where: 'lb', problem: 'lb:80 did not answer within 5 s.'})).toMatchObject({
      message: 'The gateway does not answer at lb: lb:80 did not answer within 5 s.',
    })
  })
})

describe('judgeAdmission', () => {
  test('tells a closed way to the webhook from a refusal', () => {
    expect(judgeAdmission('failed calling webhook: context deadline exceeded')).toMatchObject({
      hint: expect.stringContaining('8443'),
    })
    expect(judgeAdmission('no endpoints available for service "webhook"')).toMatchObject({
      message:
        'The API server would refuse a Service: no endpoints available for service "webhook"',
    })
    expect(judgeAdmission(undefined).result).toBe('ok')
  })

  test('says nothing where a webhook of others cannot be asked', () => {
    const refusal = 'admission webhook "x" does not support dry run'
    expect(judgeAdmission(refusal)).toEqual({result: 'skipped', reason: refusal})
  })
})

describe('judgeServices', () => {
  const service = (
    status: 'True' | 'False' | 'Unknown',
    reason: string,
    message: string,
  ): Service =>
    ({
      metadata: {name: 'hello', namespace: 'default'},
      status: {
        conditions: [
          {type: 'Ready', status, reason, message},
          {type: 'RoutesReady', status, reason, message},
        ],
      },
    }) as unknown as Service

  test.each([
    ['RevisionFailed', 'Unable to fetch image "x": 401', /read the registry/],
    ['IngressNotConfigured', 'Ingress has not yet been reconciled.', /net-istio does not take/],
    ['Uninitialized', 'Waiting for load balancer to be ready', /net-istio does not/],
  ])('%s: %s', (reason, message, hint) => {
    expect(judgeServices([service('Unknown', reason, message)])).toMatchObject({
      result: 'warning',
      message: `1 of 1 services are not Ready: default/hello ${reason}: ${message}`,
      hint: expect.stringMatching(hint),
    })
  })

  test('all Ready', () => {
    expect(judgeServices([service('True', '', '')]).result).toBe('ok')
  })
})
