import {describe, expect, test} from 'vitest'
import {failure} from '../../../../src/api/meta/status-error.ts'
import type {UnknownObject} from '../../../../src/api/meta/object.ts'
import {conflictsOf, decideConflicts} from '../../../../src/install/apply/conflicts.ts'

const DEPLOYMENT: UnknownObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {name: 'autoscaler', namespace: 'knative-serving'},
  spec: {replicas: 1, template: {}},
}
const WEBHOOK: UnknownObject = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingWebhookConfiguration',
  metadata: {name: 'webhook.serving.knative.dev'},
  webhooks: [
    {
      name: 'webhook.serving.knative.dev',
      clientConfig: {caBundle: 'x', service: {name: 'webhook'}},
      rules: [{resources: ['services']}],
    },
  ],
}
const RULES = {manager: 'webhook', field: '.webhooks[name="webhook.serving.knative.dev"].rules'}
const REPLICAS = {manager: 'kubectl', field: '.spec.replicas'}
const KEEP = {force: false}

test('conflicts are read off the answer', () => {
  const error = failure(409, 'Conflict', 'Apply failed with 1 conflict', {
    causes: [
      {
        reason: 'FieldManagerConflict',
        message: 'conflict with "kubectl" with subresource "scale" using apps/v1',
        field: '.spec.replicas',
      },
    ],
  })
  expect(conflictsOf(error)).toEqual([REPLICAS])
})

describe('what others rightly set', () => {
  test('replicas of a Deployment stay as they were scaled', () => {
    expect(decideConflicts(DEPLOYMENT, [REPLICAS], KEEP)).toEqual({
      action: 'apply',
      object: {...DEPLOYMENT, spec: {template: {}}},
      force: false,
      kept: [REPLICAS],
      takenOver: [],
    })
    expect(DEPLOYMENT['spec']).toEqual({replicas: 1, template: {}})
  })

  test('rules that a webhook filled in stay', () => {
    const decision = decideConflicts(WEBHOOK, [RULES], KEEP)
    expect(decision).toMatchObject({action: 'apply', force: false, kept: [RULES]})
    expect(decision.action === 'apply' && (decision.object as UnknownObject)['webhooks']).toEqual([
      {
        name: 'webhook.serving.knative.dev',
        clientConfig: {caBundle: 'x', service: {name: 'webhook'}},
      },
    ])
  })

  test('its certificate stays, its Service is applied', () => {
    const field = '.webhooks[name="webhook.serving.knative.dev"].clientConfig.caBundle'
    const decision = decideConflicts(WEBHOOK, [{manager: 'webhook', field}], KEEP)
    expect(decision.action === 'apply' && (decision.object as UnknownObject)['webhooks']).toEqual([
      expect.objectContaining({clientConfig: {service: {name: 'webhook'}}}),
    ])
  })
})

test.each(['kubectl-client-side-apply', 'before-first-apply', 'kntool'])(
  'fields of %s are taken over',
  (manager) => {
    const conflicts = [{manager, field: '.data.x'}]
    expect(decideConflicts(DEPLOYMENT, conflicts, KEEP)).toMatchObject({
      force: true,
      takenOver: conflicts,
    })
  },
)

test('fields somebody edited are not touched, and are named', () => {
  const edited = {manager: 'kubectl-edit', field: '.spec.template.spec.containers'}
  expect(decideConflicts(DEPLOYMENT, [REPLICAS, edited], KEEP)).toEqual({
    action: 'fail',
    conflicts: [edited],
  })
})

test('everything is taken over where that is asked for', () => {
  const edited = {manager: 'kubectl-edit', field: '.spec.template'}
  expect(decideConflicts(DEPLOYMENT, [edited, REPLICAS], {force: true})).toMatchObject({
    action: 'apply',
    object: DEPLOYMENT,
    force: true,
  })
})
