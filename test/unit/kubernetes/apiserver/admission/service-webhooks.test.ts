import {createServer, type Server} from 'node:https'
import {connect, type AddressInfo} from 'node:net'
import {generate} from 'selfsigned'
import {afterEach, beforeAll, describe, expect, test} from 'vitest'
import type {ServiceAccess} from '../../../../../src/kubernetes/apiserver/service-access.ts'
import {Api, CONFIG_MAPS, configMap} from '../../../../conformance/kubernetes-api/api-under-test.ts'
import {freshServer, TESTER} from '../../../../conformance/kubernetes-api/fresh-server.ts'

const URL = 'https://hooks.default.svc:443/check?timeout=10s'
const FAILED = 'Internal error occurred: failed calling webhook "hook.example.com": '

interface Certificate {
  readonly private: string
  readonly cert: string
}

describe('webhooks that name a Service', () => {
  let certificate: Certificate
  const servers: Server[] = []
  beforeAll(async () => {
    certificate = await certificateFor('hooks.default.svc')
  })
  afterEach(() => {
    for (const server of servers.splice(0)) server.close()
  })

  /** A pod that answers with `respond`; the way to it is what the cluster's network would be. */
  async function serve(
    respond: (uid: string) => {status?: number; body: unknown},
    own: Certificate = certificate,
  ): Promise<ServiceAccess> {
    const server = createServer({key: own.private, cert: own.cert}, (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const review = JSON.parse(Buffer.concat(chunks).toString()) as {request: {uid: string}}
        const {status = 200, body} = respond(review.request.uid)
        response.writeHead(request.url === '/check?timeout=10s' ? status : 404)
        response.end(typeof body === 'string' ? body : JSON.stringify(body))
      })
    })
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const {port} = server.address() as AddressInfo
    return {
      connect: (namespace, name, servicePort) =>
        `${namespace}/${name}:${servicePort}` === 'default/hooks:443'
          ? Promise.resolve(connect(port, '127.0.0.1'))
          : Promise.reject(new Error(`service "${name}" not found`)),
    }
  }

  async function open(
    access: ServiceAccess,
    more: {service?: object; caBundle?: string; failurePolicy?: string} = {},
  ): Promise<Api> {
    const {server, clock, storage} = await freshServer()
    server.setServiceAccess(access)
    const close = (): Promise<void> => Promise.resolve()
    const api = new Api({transport: server.transport(TESTER), clock, storage, close})
    const rule = {apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps']}
    const {status} = await api.post(
      '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations',
      {
        metadata: {name: 'checks'},
        webhooks: [
          {
            name: 'hook.example.com',
            clientConfig: {
              service: {namespace: 'default', name: 'hooks', path: '/check', ...more.service},
              caBundle: Buffer.from(more.caBundle ?? certificate.cert).toString('base64'),
            },
            sideEffects: 'None',
            admissionReviewVersions: ['v1'],
            rules: [{...rule, operations: ['CREATE']}],
            ...(more.failurePolicy !== undefined && {failurePolicy: more.failurePolicy}),
          },
        ],
      },
    )
    expect(status).toBe(201)
    return api
  }

  test('are asked over TLS under the name of the Service', async () => {
    const access = await serve((uid) => ({
      body: reviewOf({uid, allowed: false, status: {message: 'no'}}),
    }))
    const api = await open(access)
    expect(await api.post(CONFIG_MAPS, configMap('a'))).toMatchObject({
      status: 403,
      value: {message: 'admission webhook "hook.example.com" denied the request: no'},
    })
  })

  test('let pass what they allow', async () => {
    const api = await open(await serve((uid) => ({body: reviewOf({uid, allowed: true})})))
    expect((await api.post(CONFIG_MAPS, configMap('a'))).status).toBe(201)
  })

  test.each([
    [
      'an error of the server',
      {status: 500, body: 'boom'},
      'failed to call webhook: an error on the server ("boom") has prevented the request from succeeding',
    ],
    [
      'another kind of object',
      {body: {kind: 'Pod', apiVersion: 'v1'}},
      'received invalid webhook response: expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got v1, Kind=Pod',
    ],
    [
      'an answer to another question',
      {body: reviewOf({uid: 'other', allowed: true})},
      /received invalid webhook response: expected response.uid="[0-9a-f-]{36}", got "other"/,
    ],
    [
      'no answer at all',
      {body: reviewOf(undefined)},
      'received invalid webhook response: webhook response was absent',
    ],
  ])('that give %s fail the write', async (_, answer, message) => {
    const api = await open(await serve(() => answer))
    const {status, value} = await api.post(CONFIG_MAPS, configMap('a'))
    const text = String((value as {message?: unknown}).message)
    expect(status).toBe(500)
    expect(text.startsWith(FAILED)).toBe(true)
    expect(text.slice(FAILED.length)).toMatch(message)
  })

  test('with a certificate of somebody else are not believed', async () => {
    const other = await certificateFor('hooks.default.svc')
    const api = await open(await serve(() => ({body: ''}), other))
    expect((await api.post(CONFIG_MAPS, configMap('a'))).value).toMatchObject({
      message: `${FAILED}failed to call webhook: Post "${URL}": tls: failed to verify certificate: x509: certificate signed by unknown authority`,
    })
  })

  test('with a certificate for another name are not believed', async () => {
    const other = await certificateFor('elsewhere.default.svc')
    const api = await open(await serve(() => ({body: ''}), other), {caBundle: other.cert})
    expect((await api.post(CONFIG_MAPS, configMap('a'))).value).toMatchObject({
      message: `${FAILED}failed to call webhook: Post "${URL}": tls: failed to verify certificate: x509: certificate is valid for elsewhere.default.svc, not hooks.default.svc`,
    })
  })

  test('whose Service is missing fail the write, or not, by their policy', async () => {
    const access = await serve(() => ({body: ''}))
    const missing = {service: {name: 'nobody'}}
    const strict = await open(access, missing)
    expect((await strict.post(CONFIG_MAPS, configMap('a'))).value).toMatchObject({
      message: `${FAILED}failed to call webhook: Post "https://nobody.default.svc:443/check?timeout=10s": service "nobody" not found`,
    })
    const lenient = await open(access, {...missing, failurePolicy: 'Ignore'})
    expect((await lenient.post(CONFIG_MAPS, configMap('a'))).status).toBe(201)
  })

  test('of parts of this program are not asked again', async () => {
    const api = await open({connect: () => Promise.resolve('in-process')})
    expect((await api.post(CONFIG_MAPS, configMap('a'))).status).toBe(201)
  })
})

function reviewOf(response: object | undefined): object {
  return {apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response}
}

async function certificateFor(name: string): Promise<Certificate> {
  return generate([{name: 'commonName', value: name}], {
    keyType: 'ec',
    extensions: [{name: 'subjectAltName', altNames: [{type: 2, value: name}]}],
  })
}
