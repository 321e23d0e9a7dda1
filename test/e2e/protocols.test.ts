/** Protocols beyond plain HTTP/1, from a client's socket through the whole chain to a process. */
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {connect} from 'node:http2'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, expect, test} from 'vitest'
import {WebSocket} from 'ws'
import {SERVICES} from '../../src/api/serving/v1.ts'
import {isTrue} from '../../src/api/condition-set.ts'
import type {EmbeddedCluster} from '../../src/local/cluster.ts'
import {startCluster} from '../../src/local/start-cluster.ts'
import {until} from '../support/until.ts'

const GRPC_LIKE = `
import {createServer} from 'node:http2'
createServer().on('stream', (stream, headers) => {
  stream.respond({':status': 200, 'content-type': 'application/grpc'}, {waitForTrailers: true})
  stream.on('wantTrailers', () => stream.sendTrailers({'grpc-status': '0'}))
  stream.pipe(stream)
}).listen(process.env.PORT, '127.0.0.1')
`
const ECHO = `
import {WebSocketServer} from '${import.meta.resolve('ws')}'
const server = new WebSocketServer({port: Number(process.env.PORT), host: '127.0.0.1'})
server.on('connection', (socket) => socket.on('message', (data) => socket.send('echo ' + data)))
`

let folder: string
let cluster: EmbeddedCluster

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kntool-protocols-'))
  writeFileSync(join(folder, 'grpc.mjs'), GRPC_LIKE)
  writeFileSync(join(folder, 'echo.mjs'), ECHO)
  const images = ['grpc', 'echo'].map(
    (name) =>
      `  - match: example.test/${name}\n    command: ['${process.execPath}', ${name}.mjs]\n    workingDir: .\n`,
  )
  const imagesFile = join(folder, 'images.yaml')
  writeFileSync(imagesFile, `images:\n${images.join('')}`)
  cluster = await startCluster({listen: {gatewayPort: 0}, imagesFile, runtime: 'process'})
  await serve('grpc', [{name: 'h2c', containerPort: 8080}])
  await serve('echo', [{containerPort: 8080}])
})

afterAll(async () => {
  await cluster.stop()
  rmSync(folder, {recursive: true})
})

test('a gRPC-like call keeps its stream, its content type and its trailers', async () => {
  const session = connect(cluster.gatewayUrl ?? '')
  const call = session.request({
    ':method': 'POST',
    ':path': '/pkg.Service/Method',
    ':authority': 'grpc.default.localhost',
    'content-type': 'application/grpc',
    te: 'trailers',
  })
  const result = new Promise<{status: unknown; body: string; trailers: unknown}>(
    (resolve, reject) => {
      let status: unknown
      let trailers: unknown
      let body = ''
      call.on('response', (headers) => (status = headers[':status']))
      call.on('trailers', (headers) => (trailers = headers['grpc-status']))
      call.setEncoding('utf8').on('data', (text: string) => (body += text))
      call.on('end', () => resolve({status, body, trailers}))
      call.on('error', reject)
    },
  )
  call.write('one ')
  call.end('two')
  expect(await result).toEqual({status: 200, body: 'one two', trailers: '0'})
  session.close()
})

test('a WebSocket talks to the process behind the service', async () => {
  const {port} = new URL(cluster.gatewayUrl ?? '')
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`, {
    headers: {host: 'echo.default.localhost'},
  })
  const answer = new Promise<string>((resolve, reject) => {
    socket.on('open', () => socket.send('hello'))
    socket.on('message', (data: Buffer) => resolve(data.toString()))
    socket.on('error', reject)
  })
  expect(await answer).toBe('echo hello')
  socket.close()
})

async function serve(name: string, ports: {name?: string; containerPort: number}[]): Promise<void> {
  const key = {namespace: 'default', name}
  await cluster.client.create(SERVICES, {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: key,
    spec: {template: {spec: {containers: [{image: `example.test/${name}`, ports}]}}},
  })
  await until(async () => {
    await cluster.settled()
    return isTrue((await cluster.client.get(SERVICES, key)).status, 'Ready')
  }, `readiness of ${name}`)
}
