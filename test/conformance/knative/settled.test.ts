/** A cluster that is as it should be is left alone, however often it is looked at. */
import {expect, test} from 'vitest'
import {DOMAIN_MAPPINGS} from '../../../src/api/serving/v1.ts'
import type {TestCluster} from '../../../src/index.ts'
import {WriteCounter} from '../../support/write-counter.ts'
import {at, configure, serve, startCluster, update, withImage} from './conformance-cluster.ts'

/** Services of several kinds, with what can hang on them. */
async function populate(cluster: TestCluster): Promise<void> {
  const min = {'autoscaling.knative.dev/min-scale': '1'}
  await configure(cluster, 'config-network', {'autocreate-cluster-domain-claims': 'true'})
  await serve(cluster, 'plain', 'helloworld', {template: min})
  await serve(cluster, 'split', 'pizzaplanetv1', {template: min})
  await update(cluster, 'split', withImage('pizzaplanetv2'))
  await update(cluster, 'split', {
    spec: {
      traffic: [
        {revisionName: 'split-00001', percent: 50, tag: 'old'},
        {latestRevision: true, percent: 50, tag: 'new'},
      ],
    },
  })
  await serve(cluster, 'local', 'helloworld', {
    labels: {'networking.knative.dev/visibility': 'cluster-local'},
    spec: {containerConcurrency: 1, timeoutSeconds: 10},
    template: min,
  })
  await cluster.client.create(DOMAIN_MAPPINGS, {
    apiVersion: 'serving.knative.dev/v1beta1',
    kind: 'DomainMapping',
    metadata: at('www.example.org'),
    spec: {ref: {apiVersion: 'serving.knative.dev/v1', kind: 'Service', name: 'plain'}},
  })
  await cluster.advance(5 * 60_000)
}

test('reconciling everything a second time writes nothing', async () => {
  const cluster = await startCluster()
  await populate(cluster)
  const counter = await WriteCounter.start(cluster.client)
  // Each of these makes a controller look at all of its objects, and concerns none of them.
  await configure(cluster, 'config-domain', {'unused.example.org': 'selector: {nobody: here}'})
  await configure(cluster, 'config-network', {'mesh-compatibility-mode': 'disabled'})
  await configure(cluster, 'config-deployment', {'digest-resolution-timeout': '9s'})
  await configure(cluster, 'config-autoscaler', {'scale-to-zero-grace-period': '31s'})
  await configure(cluster, 'config-gc', {'min-non-active-revisions': '19'})
  await cluster.advance(60_000)
  expect(counter.take()).toEqual(new Map([['ConfigMap', 5]]))
  counter.stop()
})
