import {describe, expect, test} from 'vitest'
import {parseDeploymentConfig} from '../../../../../src/api/config/deployment.ts'
import {parseFeaturesConfig} from '../../../../../src/api/config/features.ts'
import type {Container} from '../../../../../src/api/core/v1.ts'
import {makeQueueResources} from '../../../../../src/knative/controller/revision/queue-resources.ts'
import {aRevision} from '../../../../support/builders.ts'

function resourcesFor(
  annotations: Record<string, string>,
  user: Container['resources'] = {},
  config: Record<string, string> = {},
  features: Record<string, string> = {},
): Container['resources'] {
  const revision = aRevision('hello-00001', {annotations})
  Object.assign(revision.spec.containers[0] ?? {}, {resources: user})
  return makeQueueResources(revision, {
    deployment: parseDeploymentConfig({'queue-sidecar-image': 'queue', ...config}),
    features: parseFeaturesConfig(features),
  })
}

const PERCENTAGE = 'queue.sidecar.serving.knative.dev/resource-percentage'
const CPU_LIMIT = 'queue.sidecar.serving.knative.dev/cpu-resource-limit'

describe('the resources of the queue-proxy', () => {
  test('are a little processor time by default', () => {
    expect(resourcesFor({})).toEqual({requests: {cpu: '25m'}})
  })

  test('are what config-deployment says', () => {
    expect(
      resourcesFor(
        {},
        {},
        {
          'queue-sidecar-cpu-limit': '1',
          'queue-sidecar-ephemeral-storage-request': '1Gi',
        },
      ),
    ).toEqual({requests: {cpu: '25m', 'ephemeral-storage': '1Gi'}, limits: {cpu: '1'}})
  })

  test('are filled up where the feature is on', () => {
    expect(resourcesFor({}, {}, {}, {'queueproxy.resource-defaults': 'enabled'})).toEqual({
      requests: {cpu: '25m', memory: '400Mi'},
      limits: {cpu: '1', memory: '800Mi'},
    })
  })

  test.each([
    ['within the bounds', '20', {cpu: '400m', memory: '500Mi'}, {cpu: '80m', memory: '100Mi'}],
    ['cut to the least', '0.1', {cpu: '1', memory: '1Gi'}, {cpu: '25m', memory: '50Mi'}],
    ['cut to the most', '100', {cpu: '8', memory: '8Gi'}, {cpu: '100m', memory: '200Mi'}],
  ])('follow the user container by a percentage, %s', (_name, percentage, requests, expected) => {
    expect(resourcesFor({[PERCENTAGE]: percentage}, {requests})).toEqual({requests: expected})
  })

  test('do not follow what the user container does not say', () => {
    expect(resourcesFor({[PERCENTAGE]: '20'}, {limits: {cpu: '1'}})).toEqual({
      requests: {cpu: '25m'},
      limits: {cpu: '200m'},
    })
  })

  test('are what an annotation says, before all else', () => {
    expect(
      resourcesFor({[PERCENTAGE]: '20', [CPU_LIMIT]: '1500m'}, {limits: {cpu: '1'}}),
    ).toMatchObject({limits: {cpu: '1500m'}})
  })

  test('ignore an annotation that is no amount', () => {
    expect(resourcesFor({[PERCENTAGE]: 'much', [CPU_LIMIT]: 'more'})).toEqual({
      requests: {cpu: '25m'},
    })
  })
})
