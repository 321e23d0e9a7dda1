import {describe, expect, test} from 'vitest'
import type {Event} from '../../../../../src/api/core/v1.ts'
import type {Revision} from '../../../../../src/api/serving/v1.ts'
import {judgeRefusals} from '../../../../../src/operations/service/workload/judge-refusal.ts'

const REVISION = 'web-00001'
const CREATED = '2026-11-22T13:07:51Z'

const revision = {
  apiVersion: 'serving.knative.dev/v1',
  kind: 'Revision',
  metadata: {name: REVISION, uid: 'uid-now', creationTimestamp: CREATED},
  spec: {containers: []},
} as unknown as Revision

interface EventFacts {
  readonly kind?: string
  readonly name?: string
  readonly uid?: string
  readonly count?: number
  readonly at?: string
}

function anEvent(message: string, facts: EventFacts = {}): Event {
  const {kind = 'Revision', name = REVISION, uid = 'uid-now', count = 6, at = CREATED} = facts
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {name: 'web.1'},
    involvedObject: {kind, name, uid},
    reason: 'InternalError',
    message,
    count,
    lastTimestamp: at,
  }
}

function judge(event: Event, {repeated = false, revisions = [revision]} = {}) {
  return judgeRefusals(
    {
      service: 'web',
      revisions,
      pods: [],
      replicaSets: [],
      events: [],
      refusals: [event],
      repeated: new Set(repeated ? ['web.1'] : []),
    },
    REVISION,
  )
}

const INVALID =
  'failed to create deployment "web-00001-deployment": Deployment.apps "web-00001-deployment" is ' +
  'invalid: spec.template.spec.containers[0].resources.requests: Invalid value: "2": must be less ' +
  'than or equal to cpu limit of 1'

// The texts are those that a genuine cluster wrote.
describe('judgeRefusals', () => {
  test.each([
    ['an invalid Deployment', INVALID, {kind: 'refused', reason: 'Invalid', fatal: true}],
    [
      'a PodAutoscaler that a webhook denies',
      'failed to create PA "web-00001": admission webhook "validation.webhook.serving.knative.dev" denied the request: validation failed: invalid value: foo: metadata.annotations.autoscaling.knative.dev/metric-aggregation-algorithm',
      {kind: 'refused', reason: 'Denied', fatal: true},
    ],
    [
      'a Deployment that may not be created',
      'failed to create deployment "web-00001-deployment": deployments.apps is forbidden: User "system:serviceaccount:knative-serving:controller" cannot create resource',
      {kind: 'refused', reason: 'Forbidden', fatal: true},
    ],
    [
      'a quota that may have room later',
      'failed to create deployment "web-00001-deployment": deployments.apps "web-00001-deployment" is forbidden: exceeded quota: small, requested: count/deployments.apps=1',
      {kind: 'retried', reason: 'QuotaExceeded', afterMs: 5_000, fatal: false},
    ],
    [
      'a webhook that does not answer yet',
      'failed to create deployment "web-00001-deployment": Internal error occurred: failed calling webhook "policy.example.com": no endpoints available for service "policy"',
      {kind: 'retried', reason: 'Unavailable', fatal: false},
    ],
    ['what nobody knows', 'something else', {kind: 'retried', afterMs: 8_000, fatal: false}],
    [
      'events that were put together',
      `(combined from similar events): ${INVALID}`,
      {kind: 'refused', message: INVALID},
    ],
  ])('sees %s', (_, message, expected) => {
    expect(judge(anEvent(message))).toMatchObject([expected])
  })

  test.each([
    'failed to update deployment "web-00001-deployment": Operation cannot be fulfilled on deployments.apps "web-00001-deployment": the object has been modified; please apply your changes to the latest version and try again',
    'failed to get private K8s Service endpoints: endpoints "web-00001-private" not found',
    'SKS: web-00001 does not own Service: web-00001-private',
    'services "web" already exists',
  ])('leaves to the controllers: %s', (message) => {
    expect(judge(anEvent(message))).toEqual([])
  })

  test('waits for a second attempt where somebody else may come to another mind', () => {
    const denied = 'admission webhook "policy" denied the request: not now'
    expect(judge(anEvent(denied, {count: 1}))).toEqual([])
    expect(judge(anEvent(denied, {count: 2}))).toHaveLength(1)
  })

  test('takes no event for one of a revision of the same name that is gone', () => {
    expect(judge(anEvent(INVALID, {uid: 'uid-before'}))).toEqual([])
    expect(judge(anEvent(INVALID), {revisions: []})).toEqual([])
    expect(judge(anEvent(INVALID, {name: 'web-00002'}))).toEqual([])
  })

  test.each(['Route', 'Ingress', 'Service', 'Configuration'])(
    'believes an event about the %s once it happens again',
    (kind) => {
      const event = anEvent(INVALID, {kind, name: 'web', uid: 'any'})
      expect(judge(event)).toEqual([])
      expect(judge(event, {repeated: true})).toMatchObject([{about: {kind, name: 'web'}}])
      const old = anEvent(INVALID, {kind, name: 'web', at: '2026-11-22T12:00:00Z'})
      expect(judge(old, {repeated: true})).toEqual([])
    },
  )
})
