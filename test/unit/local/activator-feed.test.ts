import {expect, test} from 'vitest'
import type {Revision} from '../../../src/api/serving/v1.ts'
import {toActivatorRevision, toBackends} from '../../../src/local/feeds/activator-feed.ts'

const revision = (spec: Partial<Revision['spec']>): Revision => ({
  apiVersion: 'serving.knative.dev/v1',
  kind: 'Revision',
  metadata: {
    name: 'web-00001',
    namespace: 'default',
    labels: {'serving.knative.dev/service': 'web', 'serving.knative.dev/configuration': 'web'},
  },
  spec: {containers: [{image: 'example.test/web'}], ...spec},
})

test('times of a revision reach the activator in milliseconds, five minutes by default', () => {
  expect(toActivatorRevision(revision({}))).toEqual({
    service: 'web',
    configuration: 'web',
    containerConcurrency: 0,
    limits: {totalMs: 300_000, responseStartMs: 0, idleMs: 0},
    probeNotReady: true,
  })
  expect(
    toActivatorRevision(
      revision({containerConcurrency: 2, timeoutSeconds: 10, responseStartTimeoutSeconds: 3}),
    ),
  ).toMatchObject({containerConcurrency: 2, limits: {totalMs: 10_000, responseStartMs: 3000}})
})

test('a revision with an exec probe is not asked before Kubernetes holds it ready', () => {
  const containers = [{image: 'x', readinessProbe: {exec: {command: ['true']}}}]
  expect(toActivatorRevision(revision({containers})).probeNotReady).toBe(false)
})

test('pods that are still starting are backends too, marked as not ready', () => {
  expect(
    toBackends({
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: {name: 'web-00001-private', namespace: 'default'},
      subsets: [
        {
          addresses: [{ip: '10.244.0.2'}],
          notReadyAddresses: [{ip: '10.244.0.3'}],
          ports: [
            {name: 'http-queueadm', port: 8022},
            {name: 'http', port: 8012},
          ],
        },
        {addresses: [{ip: '10.244.0.9'}], ports: [{name: 'other', port: 1}]},
      ],
    }),
  ).toEqual([
    {ip: '10.244.0.2', port: 8012, ready: true},
    {ip: '10.244.0.3', port: 8012, ready: false},
  ])
})
