/** Clients that send what nobody should: the server answers or hangs up, and serves the others. */
import {once} from 'node:events'
import {connect, type TLSSocket} from 'node:tls'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import type {HttpTransport} from '../../src/client/http-transport.ts'
import {apiHome, type ApiHome, type ApiProcess} from '../support/spawn-api.ts'

const PATH = '/api/v1/namespaces/default/configmaps'

let home: ApiHome
let api: ApiProcess
let transport: HttpTransport

beforeAll(async () => {
  home = await apiHome()
  api = await home.start()
  transport = api.connect()
  const body = {metadata: {name: 'default'}}
  await transport.send({method: 'POST', path: '/api/v1/namespaces', body})
})

afterAll(() => {
  transport.close()
  home.remove()
})

describe('bytes that are no request', () => {
  test.each([
    ['noise', Buffer.from(Array.from({length: 4096}, (_, index) => (index * 7919) % 256))],
    ['another protocol', Buffer.from('SSH-2.0-OpenSSH_9.6\r\n')],
    ['a header that never ends', Buffer.from(`GET / HTTP/1.1\r\nx: ${'y'.repeat(200_000)}`)],
    ['two lengths', head('POST', PATH, 'content-length: 5', 'content-length: 7')],
    ['a length and chunks', head('POST', PATH, 'content-length: 5', 'transfer-encoding: chunked')],
    ['a method nobody knows', Buffer.from('BREW /coffee HTTP/1.1\r\nhost: pot\r\n\r\n')],
  ])('%s ends that connection alone', async (_name, bytes) => {
    const {text} = await converse(bytes)
    expect(text).toMatch(/^(?:HTTP\/1\.1 4\d\d |$)/)
    await expectAlive()
  })
})

describe('bodies that are no object', () => {
  test.each([
    ['half a document', '{"metadata":{"name":"half"', 400],
    ['a list', '[]', 400],
    ['a number', '42', 400],
    ['brackets a hundred thousand deep', '['.repeat(100_000), 400],
    ['objects ten thousand deep', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, 400],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), 422],
    ['a name that is an object', '{"metadata":{"name":{"a":1}}}', 400],
    ['a prototype', '{"__proto__":{"metadata":{"name":"polluted"}}}', 422],
  ])('%s is refused with a Status', async (_name, body, code) => {
    const {text} = await converse(request('POST', PATH, body))
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${code} `))
    expect(text).toContain('"kind":"Status"')
    await expectAlive()
  })

  test('YAML that multiplies itself by references is refused', async () => {
    const levels = Array.from({length: 9}, (_, level) =>
      level === 0
        ? 'a0: &a0 [x,x,x,x,x,x,x,x,x,x]'
        : `a${level}: &a${level} [${Array.from({length: 10}, () => `*a${level - 1}`).join(',')}]`,
    )
    const yaml = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: bomb}\n${levels.join('\n')}\n`
    const {text} = await converse(request('POST', PATH, yaml, 'application/yaml'))
    expect(text).toMatch(/^HTTP\/1\.1 400 /)
    await expectAlive()
  })
})

describe('objects that are too large', () => {
  test('ten megabytes are refused with 413 and the limit', async () => {
    const body = {metadata: {name: 'ten-megabytes'}, data: {value: 'x'.repeat(10 * 1024 * 1024)}}
    const answer = await transport.send({method: 'POST', path: PATH, body})
    expect(answer).toMatchObject({
      status: 413,
      body: {
        value: {reason: 'RequestEntityTooLarge', message: expect.stringContaining('limit is')},
      },
    })
    await expectAlive()
  })

  test('what etcd would refuse is refused, also when patches make it grow', async () => {
    const path = '/api/v1/namespaces/default/secrets'
    const part = Buffer.alloc(420_000, 'x').toString('base64')
    const create = {metadata: {name: 'growing'}, data: {a: part}}
    expect((await transport.send({method: 'POST', path, body: create})).status).toBe(201)
    const grow = (key: string) =>
      transport.send({
        method: 'PATCH',
        path: `${path}/growing`,
        headers: {'content-type': 'application/merge-patch+json'},
        body: {
          metadata: {annotations: {[`kept-${key}`]: 'y'.repeat(100_000)}},
          data: {[key]: part},
        },
      })
    const answers = [await grow('b'), await grow('c')]
    const refused = answers.find(({status}) => status !== 200)
    expect([413, 422]).toContain(refused?.status)
    const {body} = await transport.send({method: 'GET', path: `${path}/growing`})
    expect(body).not.toMatchObject({value: {data: {c: part}}})
  })
})

test('a client that stops in the middle of its body leaves nothing behind', async () => {
  const socket = await open()
  socket.write(head('POST', PATH, 'content-type: application/json', 'content-length: 1000'))
  socket.write('{"metadata":{"name":"unfinished"}')
  socket.destroy()
  await once(socket, 'close')
  const {status} = await transport.send({method: 'GET', path: `${PATH}/unfinished`})
  expect(status).toBe(404)
})

test('a watch that is cut in the middle of an object goes on elsewhere without a gap', async () => {
  const {body} = await transport.send({method: 'GET', path: PATH})
  if (body.kind !== 'json') throw new Error('no list')
  const {resourceVersion} = (body.value as {metadata: {resourceVersion: string}}).metadata
  const socket = await open()
  socket.write(head('GET', `${PATH}?watch=true&resourceVersion=${resourceVersion}`))
  const value = 'x'.repeat(200_000)
  for (const name of ['cut-1', 'cut-2', 'cut-3']) {
    await transport.send({method: 'POST', path: PATH, body: {metadata: {name}, data: {value}}})
  }
  let read = 0
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    read += chunk.length
    if (read > 250_000) break
  }
  socket.destroy()
  const answer = await transport.send({
    method: 'GET',
    path: PATH,
    query: {watch: 'true', resourceVersion, timeoutSeconds: '5'},
  })
  if (answer.body.kind !== 'watch') throw new Error('no watch')
  const seen: string[] = []
  for await (const {type, object} of answer.body.events) {
    seen.push(`${type} ${(object as {metadata: {name: string}}).metadata.name}`)
    if (seen.length === 3) break
  }
  expect(seen).toEqual(['ADDED cut-1', 'ADDED cut-2', 'ADDED cut-3'])
})

function head(method: string, path: string, ...headers: string[]): Buffer {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `host: 127.0.0.1:${api?.port ?? 0}`,
    ...(home === undefined ? [] : [`authorization: Bearer ${home.credentials.token}`]),
    ...headers,
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`)
}

function request(
  method: string,
  path: string,
  body: string | Buffer,
  type = 'application/json',
): Buffer {
  const bytes = Buffer.from(body)
  const start = head(
    method,
    path,
    `content-type: ${type}`,
    `content-length: ${bytes.length}`,
    'connection: close',
  )
  return Buffer.concat([start, bytes])
}

async function open(): Promise<TLSSocket> {
  const socket = connect({host: '127.0.0.1', port: api.port, ca: home.credentials.certificate})
  await once(socket, 'secureConnect')
  return socket
}

/** Sends and reads until the server hangs up. */
async function converse(bytes: Buffer): Promise<{text: string}> {
  const socket = await open()
  const closed = new Promise((resolve) => socket.once('close', resolve))
  // A server that hangs up while we are sending resets the connection.
  socket.on('error', () => undefined)
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  socket.write(bytes)
  await closed
  return {text}
}

async function expectAlive(): Promise<void> {
  expect((await transport.send({method: 'GET', path: PATH})).status).toBe(200)
}
