/** Webhooks that run as pods of the cluster: found behind their Service, believed by their certificate. */
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {generate} from 'selfsigned'
import {afterAll, beforeAll, describe, expect, test, vi} from 'vitest'
import {CONFIG_MAPS, CORE_SERVICES, ENDPOINTS, PODS} from '../../src/api/core/v1.ts'
import type {KubeObject} from '../../src/api/meta/object.ts'
import {resourceType} from '../../src/api/meta/resource-type.ts'
import {SERVICES} from '../../src/api/serving/v1.ts'
import type {EmbeddedCluster} from '../../src/local/cluster.ts'
import {startCluster} from '../../src/local/start-cluster.ts'

const HOST = 'checks.default.svc'
const CONFIGURATIONS = resourceType<KubeObject>(
  'admissionregistration.k8s.io/v1',
  'ValidatingWebhookConfiguration',
  'validatingwebhookconfigurations',
  'cluster',
)

/** Refuses what is labelled as bad. */
const WEBHOOK = `
  const {createServer} = require('node:https')
  const {KEY: key, CERT: cert, PORT} = process.env
  createServer({key, cert}, async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const {apiVersion, kind, request: {uid, object}} = JSON.parse(body)
    const allowed = object.metadata.labels?.bad === undefined
    response.end(JSON.stringify({
      apiVersion, kind, response: {uid, allowed, status: {message: 'it is bad'}},
    }))
  }).listen(PORT, '127.0.0.1')
`

describe('a webhook in a pod', () => {
  let cluster: EmbeddedCluster
  let directory = ''

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kntool-webhook-'))
    const imagesFile = join(directory, 'images.yaml')
    const images = [{match: 'example.test/webhook', command: ['node', '-e', WEBHOOK]}]
    await writeFile(imagesFile, JSON.stringify({images}))
    const {private: key, cert} = await generate([{name: 'commonName', value: HOST}], {
      keyType: 'ec',
      extensions: [{name: 'subjectAltName', altNames: [{type: 2, value: HOST}]}],
    })
    cluster = await startCluster({
      imagesFile,
      runtime: 'process',
      handlers: {'example.test/app': () => new Response('hello')},
    })
    const {client} = cluster
    await client.create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {name: 'checks', namespace: 'default', labels: {app: 'checks'}},
      spec: {
        containers: [
          {
            name: 'main',
            image: 'example.test/webhook',
            ports: [{containerPort: 8443}],
            env: [
              {name: 'KEY', value: key},
              {name: 'CERT', value: cert},
            ],
            readinessProbe: {tcpSocket: {port: 8443}, periodSeconds: 1},
          },
        ],
      },
    })
    await client.create(CORE_SERVICES, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {name: 'checks', namespace: 'default'},
      spec: {selector: {app: 'checks'}, ports: [{port: 443, targetPort: 8443}]},
    })
    await vi.waitFor(
      async () => {
        const endpoints = await client.get(ENDPOINTS, {namespace: 'default', name: 'checks'})
        if (endpoints.subsets?.[0]?.addresses === undefined) throw new Error('nobody is ready')
      },
      {timeout: 15_000},
    )
    const service = {namespace: 'default', name: 'checks', path: '/check'}
    const rule = {operations: ['CREATE'], apiVersions: ['v1']}
    await client.create(CONFIGURATIONS, {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: {name: 'checks'},
      webhooks: [
        {
          name: 'checks.example.com',
          clientConfig: {service, caBundle: Buffer.from(cert).toString('base64')},
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          rules: [
            {...rule, apiGroups: [''], resources: ['configmaps']},
            {...rule, apiGroups: ['serving.knative.dev'], resources: ['services']},
          ],
        },
      ],
    } as KubeObject)
  })
  afterAll(async () => {
    await cluster.stop()
    await rm(directory, {recursive: true, force: true})
  })

  function create(name: string, labels: Record<string, string> = {}): Promise<unknown> {
    return cluster.client.create(CONFIG_MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {name, namespace: 'default', labels},
    })
  }

  test('is asked, and decides', async () => {
    await expect(create('good')).resolves.toBeDefined()
    await expect(create('bad', {bad: 'yes'})).rejects.toThrow(
      'admission webhook "checks.example.com" denied the request: it is bad',
    )
  })

  test('decides on kinds of Knative too, beside the webhook of Knative', async () => {
    const service = (labels: Record<string, string>): Promise<unknown> =>
      cluster.client.create(SERVICES, {
        apiVersion: 'serving.knative.dev/v1',
        kind: 'Service',
        metadata: {name: 'hello', namespace: 'default', labels},
        spec: {template: {spec: {containers: [{image: 'example.test/app'}]}}},
      })
    await expect(service({bad: 'yes'})).rejects.toThrow('it is bad')
    await expect(service({})).resolves.toBeDefined()
  })

  test('that is gone fails what it should decide on', async () => {
    const key = {namespace: 'default', name: 'checks'}
    const {spec} = await cluster.client.get(CORE_SERVICES, key)
    await cluster.client.delete(PODS, key, {gracePeriodSeconds: 0})
    await cluster.settled()
    await expect(create('late')).rejects.toThrow(
      'Internal error occurred: failed calling webhook "checks.example.com": failed to call webhook: ' +
        `Post "https://checks.default.svc:443/check?timeout=10s": dial tcp ${spec.clusterIP}:443: connect: connection refused`,
    )
  })
})
