import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {CORE_SERVICES, ENDPOINTS, PODS} from '../../../../../src/api/core/v1.ts'
import type {ApiRequest, ApiResponse} from '../../../../../src/api/transport.ts'
import {readProxyPath} from '../../../../../src/kubernetes/apiserver/proxy/proxy-path.ts'
import {HandlerRuntime} from '../../../../../src/kubernetes/runtimes/handler/handler-runtime.ts'
import {NodeCluster, OK_IMAGE, pod} from '../../../../support/node-cluster.ts'

const NAMESPACE = '/api/v1/namespaces/default'

describe('a request that goes through the API server', () => {
  let cluster: NodeCluster
  let seen: Request[]
  beforeEach(async () => {
    seen = []
    const echo = async (request: Request): Promise<Response> => {
      seen.push(request)
      const {pathname, search} = new URL(request.url)
      if (pathname === '/moved') {
        return new Response('', {status: 302, headers: {location: '/elsewhere'}})
      }
      const text = `${request.method} ${pathname}${search} ${await request.text()}`
      return new Response(text, {status: 201, headers: {'x-own': 'yes'}})
    }
    cluster = await new NodeCluster({runtimes: [new HandlerRuntime({[OK_IMAGE]: echo})]}).start()
    cluster.apiServer.setPodAccess(cluster.kubelet.podAccess)
    await cluster.client.create(PODS, pod('web'))
    await cluster.client.create(CORE_SERVICES, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {namespace: 'default', name: 'svc'},
      spec: {selector: {app: 'web'}, ports: [{name: 'http', port: 80, targetPort: 8080}]},
    })
    await cluster.until(async () => {
      const found = await cluster.client.find(ENDPOINTS, {namespace: 'default', name: 'svc'})
      return found?.subsets?.[0]?.addresses?.length === 1 ? true : undefined
    })
  })
  afterEach(() => cluster.stop())

  async function send(
    path: string,
    more: Partial<ApiRequest> = {},
  ): Promise<ApiResponse & {text: string}> {
    const transport = cluster.apiServer.transport({username: 'admin', groups: []})
    const answer = await transport.send({method: 'GET', path, ...more})
    let text = ''
    if (answer.body.kind === 'json') text = JSON.stringify(answer.body.value)
    if (answer.body.kind === 'bytes') {
      for await (const chunk of answer.body.chunks) text += Buffer.from(chunk).toString()
    }
    return {...answer, text}
  }

  test('reaches the port of a pod, with method, path, query and body', async () => {
    const answer = await send(`${NAMESPACE}/pods/web:8080/proxy/a%20b/c`, {
      method: 'POST',
      query: {q: '1'},
      headers: {authorization: 'Bearer secret', 'x-mine': 'yes'},
      body: {some: 'body'},
    })
    expect(answer).toMatchObject({status: 201, text: 'POST /a%20b/c?q=1 {"some":"body"}'})
    expect(answer.headers['x-own']).toBe('yes')
    expect(seen[0]?.headers.get('x-mine')).toBe('yes')
    expect(seen[0]?.headers.get('authorization')).toBeNull()
  })

  test('goes to the first port of a pod where none is named', async () => {
    expect(await send(`${NAMESPACE}/pods/web/proxy/`)).toMatchObject({text: 'GET / '})
  })

  test.each(['svc:http', 'svc:80', 'http:svc:http'])(
    'reaches a pod behind the Service %s',
    async (id) => {
      expect(await send(`${NAMESPACE}/services/${id}/proxy/x`)).toMatchObject({text: 'GET /x '})
    },
  )

  test('comes back through the proxy where the program redirects', async () => {
    const path = `${NAMESPACE}/pods/web/proxy`
    const moved = await send(`${path}/moved`)
    expect([moved.status, moved.headers['location']]).toEqual([302, `${path}/elsewhere`])
    const bare = await send(path)
    expect([bare.status, bare.headers['location']]).toEqual([301, `${path}/`])
  })

  test.each([
    ['pods/nobody/proxy/', 404, 'pods "nobody" not found'],
    ['services/nobody/proxy/', 404, 'services "nobody" not found'],
    ['services/svc:81/proxy/', 503, 'no service port 81 found for service "svc"'],
    ['services/svc:other/proxy/', 503, 'no endpoints available for service "svc:other"'],
    ['pods/a:b:c:d/proxy/', 400, 'invalid pod request "a:b:c:d"'],
    ['services/ftp:svc:80/proxy/', 400, 'invalid service request "ftp:svc:80"'],
    ['pods/web:9/proxy/', 503, 'error trying to reach service: '],
  ])('for %s is refused with %d', async (path, status, message) => {
    const answer = await send(`${NAMESPACE}/${path}`)
    expect(answer.status).toBe(status)
    expect(answer.text).toContain(message.replaceAll('"', '\\"'))
  })

  test('does not reach the node', async () => {
    const answer = await send('/api/v1/nodes/kntool/proxy/metrics')
    expect(answer.status).toBe(501)
    expect(answer.text).toContain('it has no API of its own')
  })

  test('a kind with nothing behind it is not asked for a proxy', async () => {
    const answer = await send('/api/v1/namespaces/a/configmaps/b/proxy/')
    expect(answer.status).toBe(404)
    expect(answer.text).toContain('the server could not find the requested resource')
  })
})

describe('the path of a request', () => {
  test.each([
    ['/api/v1/namespaces/a/pods/b/proxy', ''],
    ['/api/v1/namespaces/a/pods/b/proxy/', '/'],
    ['/api/v1/namespaces/a/pods/b/proxy//x%2Fy/', '//x%2Fy/'],
  ])('%s keeps what comes after the proxy', (path, rest) => {
    expect(readProxyPath(path)).toMatchObject({namespace: 'a', id: 'b', path: rest})
  })

  test.each([
    '/api/v1/namespaces/a/pods/b',
    '/api/v1/namespaces/a/pods/b/proxyish',
    '/apis/apps/v1/namespaces/a/pods/b/proxy/',
  ])('%s leads to the API itself', (path) => {
    expect(readProxyPath(path)).toBeUndefined()
  })
})
