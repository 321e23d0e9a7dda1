import * as https from 'node:https'
import {gunzipSync} from 'node:zlib'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {createCredentials} from '../../../../../src/local/credentials.ts'
import type {HttpsFront} from '../../../../../src/kubernetes/apiserver/http/https-front.ts'
import {freshServer, TOKEN} from '../../../../conformance/kubernetes-api/fresh-server.ts'

const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps'
const AUTHORIZED = {authorization: `Bearer ${TOKEN}`}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly bytes: Buffer
}

describe('the HTTPS front', () => {
  let front: HttpsFront
  let ca: string
  beforeAll(async () => {
    const {key, certificate: cert} = await createCredentials()
    const {server} = await freshServer()
    front = await server.listen({host: '127.0.0.1', port: 0, tls: {key, cert}})
    ca = cert
  })
  afterAll(() => front.close())

  function send(
    method: string,
    path: string,
    headers: Record<string, string> = AUTHORIZED,
    body?: string | Uint8Array,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const request = https.request(
        {
          host: '127.0.0.1',
          servername: 'localhost',
          port: front.port,
          ca,
          method,
          path,
          headers,
          agent: false,
        },
        (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('end', () => {
            const {statusCode: status = 0} = response
            resolve({status, headers: response.headers, bytes: Buffer.concat(chunks)})
          })
          response.on('error', reject)
        },
      )
      request.on('error', reject)
      request.end(body)
    })
  }

  test.each([
    [{}, 401],
    [{authorization: 'Bearer wrong'}, 401],
    [{authorization: `Basic ${TOKEN}`}, 401],
    [AUTHORIZED, 200],
  ])('answers a request with the headers %j with %i', async (headers, status) => {
    expect((await send('GET', CONFIG_MAPS, headers)).status).toBe(status)
  })

  test.each(['/healthz', '/livez', '/readyz', '/version'])(
    'answers %s to anybody',
    async (path) => {
      expect((await send('GET', path, {})).status).toBe(200)
    },
  )

  test('answers only to its own names', async () => {
    const evil = await send('GET', CONFIG_MAPS, {...AUTHORIZED, host: 'evil.example.com'})
    expect(evil.status).toBe(401)
    const local = await send('GET', CONFIG_MAPS, {...AUTHORIZED, host: 'localhost:1234'})
    expect(local.status).toBe(200)
  })

  test('refuses a body that is larger than etcd would take, and goes on', async () => {
    const body = JSON.stringify({metadata: {name: 'big'}, data: {a: 'x'.repeat(4 * 1024 * 1024)}})
    const answer = await send('POST', CONFIG_MAPS, json(), body)
    expect(answer.status).toBe(413)
    expect(JSON.parse(answer.bytes.toString('utf8'))).toMatchObject({
      reason: 'RequestEntityTooLarge',
      message: 'Request entity too large: limit is 3145728',
    })
    expect((await send('GET', CONFIG_MAPS)).status).toBe(200)
  })

  test.each([
    ['', 'unexpected end of JSON input (<empty>)'],
    ['{not json', 'looking for beginning of object key string ({not json)'],
    ['[]', 'cannot unmarshal array'],
    ['"text"', 'cannot unmarshal string'],
  ])('says what is wrong with the body %j', async (body, problem) => {
    const answer = await send('POST', CONFIG_MAPS, json(), body)
    expect(answer.status).toBe(400)
    expect(answer.bytes.toString('utf8')).toContain(problem)
  })

  test.each([
    ['text/plain', 'x', 415],
    ['application/vnd.kubernetes.protobuf', 'no protobuf', 400],
  ])('refuses a body of the type %s (%j) with %i', async (type, body, status) => {
    const headers = {...AUTHORIZED, 'content-type': type}
    expect((await send('POST', CONFIG_MAPS, headers, body)).status).toBe(status)
  })

  test('reads and writes YAML', async () => {
    const headers = {...AUTHORIZED, 'content-type': 'application/yaml', accept: 'application/yaml'}
    const body = 'metadata:\n  name: yaml\ndata:\n  "n": "1"\n'
    const answer = await send('POST', CONFIG_MAPS, headers, body)
    expect(answer.headers['content-type']).toBe('application/yaml')
    const text = answer.bytes.toString('utf8')
    expect(text).toContain('data:\n  "n": "1"\nkind: ConfigMap\n')
    expect(text).toContain('creationTimestamp: "2024-04-22T00:00:00Z"')
  })

  test('leaves apiVersion and kind out of the items of built-in lists', async () => {
    await send('POST', CONFIG_MAPS, json(), '{"metadata":{"name":"item"}}')
    const {bytes} = await send('GET', CONFIG_MAPS)
    const {items} = JSON.parse(bytes.toString('utf8')) as {items: object[]}
    expect(items.length).toBeGreaterThan(0)
    for (const item of items) expect(Object.keys(item)).not.toContain('kind')
  })

  test('compresses large answers for clients that can read them', async () => {
    const data = {a: 'x'.repeat(200_000)}
    await send('POST', CONFIG_MAPS, json(), JSON.stringify({metadata: {name: 'large'}, data}))
    const headers = {...AUTHORIZED, 'accept-encoding': 'gzip'}
    const answer = await send('GET', `${CONFIG_MAPS}/large`, headers)
    expect(answer.headers['content-encoding']).toBe('gzip')
    expect(answer.bytes.length).toBeLessThan(10_000)
    expect(JSON.parse(gunzipSync(answer.bytes).toString('utf8'))).toMatchObject({data})
    const plain = await send('GET', `${CONFIG_MAPS}/large`)
    expect(plain.headers['content-encoding']).toBeUndefined()
  })

  test('answers HEAD without a body', async () => {
    const answer = await send('HEAD', '/version')
    expect(answer.status).toBe(200)
    expect(answer.bytes.length).toBe(0)
  })

  test('ends watches when it closes', async () => {
    const {key, certificate: cert} = await createCredentials()
    const {server} = await freshServer()
    const other = await server.listen({host: '127.0.0.1', port: 0, tls: {key, cert}})
    const request = https.get({
      host: '127.0.0.1',
      port: other.port,
      ca: cert,
      path: `${CONFIG_MAPS}?watch=true`,
      headers: AUTHORIZED,
    })
    const ended = new Promise<string>((resolve, reject) => {
      request.on('error', reject)
      request.on('response', (response) => {
        response.resume()
        response.on('end', () => resolve('ended'))
        void other.close()
      })
    })
    expect(await ended).toBe('ended')
  })

  test('says which port is taken', async () => {
    const {key, certificate: cert} = await createCredentials()
    const {server} = await freshServer()
    const options = {host: '127.0.0.1', port: front.port, tls: {key, cert}}
    await expect(server.listen(options)).rejects.toMatchObject({code: 'KN_PORT_IN_USE'})
  })
})

function json(): Record<string, string> {
  return {...AUTHORIZED, 'content-type': 'application/json'}
}
