/** HTTPS from a client's socket to a Service: certificates by SNI, redirects, HTTP/2 by ALPN. */
import {get as getHttp, type IncomingMessage} from 'node:http'
import {connect as connectHttp2} from 'node:http2'
import {get as getHttps} from 'node:https'
import {text} from 'node:stream/consumers'
import {connect as connectTls, type TLSSocket} from 'node:tls'
import {generate} from 'selfsigned'
import {afterAll, beforeAll, expect, test} from 'vitest'
import {isTrue} from '../../src/api/condition-set.ts'
import {CONFIG_MAPS, SECRETS} from '../../src/api/core/v1.ts'
import {CLUSTER_DOMAIN_CLAIMS} from '../../src/api/networking/v1alpha1.ts'
import {DOMAIN_MAPPINGS, type DomainMapping, SERVICES} from '../../src/api/serving/v1.ts'
import type {EmbeddedCluster} from '../../src/local/cluster.ts'
import {startCluster} from '../../src/local/start-cluster.ts'
import {callService} from '../../src/operations/call-service.ts'
import type {Connection, GatewayAccess} from '../../src/operations/connection.ts'
import {localGatewayAccess} from '../../src/operations/gateway.ts'
import {until} from '../support/until.ts'

const HOST = 'shop.example.com'
const KEY = {namespace: 'default', name: 'shop'}

let cluster: EmbeddedCluster
let ca: string

beforeAll(async () => {
  cluster = await startCluster({
    listen: {gatewayPort: 0, gatewayHttps: {port: 0}},
    handlers: {
      'example.test/shop': ({headers}) =>
        Response.json({proto: headers.get('x-forwarded-proto'), host: headers.get('host')}),
    },
  })
  await cluster.client.create(SERVICES, {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: KEY,
    spec: {template: {spec: {containers: [{image: 'example.test/shop'}]}}},
  })
  ca = await provideCertificate()
  await cluster.client.create(CLUSTER_DOMAIN_CLAIMS, {
    apiVersion: 'networking.internal.knative.dev/v1alpha1',
    kind: 'ClusterDomainClaim',
    metadata: {name: HOST},
    spec: {namespace: 'default'},
  })
  await cluster.client.create(DOMAIN_MAPPINGS, {
    apiVersion: 'serving.knative.dev/v1beta1',
    kind: 'DomainMapping',
    metadata: {name: HOST, namespace: 'default'},
    spec: {
      ref: {apiVersion: 'serving.knative.dev/v1', kind: 'Service', name: 'shop'},
      tls: {secretName: 'shop-cert'},
    },
  })
  await until(async () => isTrue((await mapping()).status, 'Ready'))
})

afterAll(() => cluster.stop())

test('a DomainMapping with a certificate is served over HTTPS', async () => {
  expect((await mapping()).status?.url).toBe(`https://${HOST}`)
  const {status, body, issuedTo} = await callHttps(ca)
  expect({status, issuedTo}).toEqual({status: 200, issuedTo: HOST})
  // The way leads through the local gateway, which takes plain HTTP, as in Istio.
  expect(JSON.parse(body)).toMatchObject({proto: 'http'})
})

test('HTTP/2 is agreed upon by ALPN', async () => {
  const session = connectHttp2(`https://127.0.0.1:${httpsPort()}`, {ca, servername: HOST})
  const stream = session.request({':authority': HOST, ':path': '/'})
  const status = new Promise((resolve) =>
    stream.on('response', (headers) => resolve(headers[':status'])),
  )
  await text(stream)
  expect(await status).toBe(200)
  session.close()
})

test('a connection for a host without certificate, or for none, is closed', async () => {
  for (const servername of ['other.example.com', '']) {
    const socket = connectTls({host: '127.0.0.1', port: httpsPort(), servername, ca})
    const outcome = await new Promise((resolve) => {
      socket.on('secureConnect', () => resolve('connected'))
      socket.on('error', () => resolve('closed'))
      socket.on('close', () => resolve('closed'))
    })
    expect(outcome).toBe('closed')
  }
})

test('a host that the Gateway of the certificate does not have is not found', async () => {
  expect((await callHttps(ca, 'other.example.com')).status).toBe(404)
})

test('a new certificate serves the next connection, and the old one no more', async () => {
  const renewed = await provideCertificate()
  await until(async () => (await callHttps(renewed).catch(() => undefined))?.status === 200)
  await expect(callHttps(ca)).rejects.toThrow(/certificate/)
  ca = renewed
})

test('plain requests are redirected where config-network says so, to the port of HTTPS', async () => {
  await configureNetwork({'http-protocol': 'Redirected'})
  const {port} = new URL(cluster.gatewayUrl ?? '')
  const ask = (host: string): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const options = {port, path: '/basket?x=1', headers: {host}, agent: false}
      getHttp({host: '127.0.0.1', ...options}, (response) => {
        response.resume()
        resolve(response)
      }).on('error', reject)
    })
  await until(async () => (await ask(HOST)).statusCode === 301)
  expect((await ask(HOST)).headers.location).toBe(`https://${HOST}/basket?x=1`)
  expect((await ask(`${HOST}:${port}`)).headers.location).toBe(
    `https://${HOST}:${httpsPort()}/basket?x=1`,
  )
})

test('Routes are served over HTTPS where the cluster issues certificates itself', async () => {
  const url = 'https://shop.default.localhost'
  await configureNetwork({
    'external-domain-tls': 'Enabled',
    'certificate-class': 'kntool.certificate.networking.knative.dev',
  })
  await until(async () => {
    const {status} = await cluster.client.get(SERVICES, KEY)
    return status?.url === url && isTrue(status, 'Ready')
  })
  const authority = await cluster.client.get(SECRETS, {
    namespace: 'knative-serving',
    name: 'kntool-ca',
  })
  const trusted = Buffer.from(authority.data?.['tls.crt'] ?? '', 'base64').toString()
  const {status, body, issuedTo} = await callHttps(trusted, new URL(url).host, new URL(url).host)
  expect({status, issuedTo}).toEqual({status: 200, issuedTo: 'shop.default.localhost'})
  expect(JSON.parse(body)).toMatchObject({proto: 'https'})
})

test.each(['its port for HTTPS', 'the process'])('it is called through %s', async (way) => {
  const {gatewayUrl = '', gatewayHttpsUrl} = cluster
  const gateway: GatewayAccess =
    way === 'the process'
      ? {kind: 'in-process', fetch: (url, init) => cluster.fetch(url, init)}
      : localGatewayAccess({gatewayUrl, gatewayHttpsUrl})
  const connection = {client: cluster.client, gateway: async () => gateway}
  const {url, status, body} = await callService(connection as unknown as Connection, {
    ...KEY,
    path: '/',
    method: 'GET',
    headers: [],
  })
  expect({url, status}).toEqual({url: 'https://shop.default.localhost/', status: 200})
  expect(JSON.parse(await text(body))).toMatchObject({proto: 'https'})
})

async function configureNetwork(data: Record<string, string>): Promise<void> {
  const key = {namespace: 'knative-serving', name: 'config-network'}
  await cluster.client.patch(CONFIG_MAPS, key, {type: 'merge', body: {data}})
}

function httpsPort(): number {
  return Number(new URL(cluster.gatewayHttpsUrl ?? '').port)
}

function mapping(): Promise<DomainMapping> {
  return cluster.client.get(DOMAIN_MAPPINGS, {namespace: 'default', name: HOST})
}

/** Makes a certificate for the host, or another one. Answers what clients have to trust. */
async function provideCertificate(): Promise<string> {
  const pem = await generate([{name: 'commonName', value: HOST}], {
    extensions: [{name: 'subjectAltName', altNames: [{type: 2, value: HOST}]}],
  })
  const key = {namespace: 'default', name: 'shop-cert'}
  const data = {
    'tls.crt': Buffer.from(pem.cert).toString('base64'),
    'tls.key': Buffer.from(pem.private).toString('base64'),
  }
  const secret = {apiVersion: 'v1', kind: 'Secret', metadata: key, type: 'kubernetes.io/tls', data}
  const existing = await cluster.client.find(SECRETS, key)
  if (existing === undefined) await cluster.client.create(SECRETS, secret)
  else await cluster.client.update(SECRETS, {...existing, data})
  return pem.cert
}

function callHttps(
  trusted: string,
  host = HOST,
  servername = HOST,
): Promise<{status: number | undefined; body: string; issuedTo: unknown}> {
  return new Promise((resolve, reject) => {
    const request = getHttps(
      {
        host: '127.0.0.1',
        port: httpsPort(),
        servername,
        headers: {host},
        ca: trusted,
        agent: false,
      },
      (response) => {
        const socket = request.socket as TLSSocket
        const issuedTo = socket.getPeerCertificate().subject.CN
        text(response).then(
          (body) => resolve({status: response.statusCode, body, issuedTo}),
          reject,
        )
      },
    )
    request.on('error', reject)
  })
}
