import {request as httpsRequest} from 'node:https'
import {text} from 'node:stream/consumers'
import {afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest'
import {WebSocket} from 'ws'
import type {HttpsFront} from '../../../../../src/kubernetes/apiserver/http/https-front.ts'
import type {PodAccess} from '../../../../../src/kubernetes/apiserver/pod-access.ts'
import {createCredentials, type Credentials} from '../../../../../src/local/credentials.ts'
import {freshServer, TESTER, TOKEN} from '../../../../conformance/kubernetes-api/fresh-server.ts'

const WEB = '/api/v1/namespaces/default/pods/web'
const EXEC = `${WEB}/exec?command=echo&command=hi&stdout=true&stderr=true`
const WEBSOCKET = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
}
const SPDY = {connection: 'Upgrade', upgrade: 'SPDY/3.1'}

/** A node on which every command writes what it is, and fails with 3. */
const NODE: PodAccess = {
  async *logs() {},
  container(_namespace, _pod, container) {
    if (container === 'gone') throw new Error('container not found ("gone")')
    return {
      exec(command, {stdout}) {
        stdout?.write(`${container}: ${command.join(' ')}`)
        return Promise.resolve(3)
      },
      attach: () => Promise.resolve(),
    }
  },
  dial: (_namespace, _pod, port) => Promise.reject(new Error(`nobody listens on ${port}`)),
}

describe('a request that wants to switch protocols', () => {
  let credentials: Credentials
  let front: HttpsFront
  beforeAll(async () => {
    credentials = await createCredentials()
  })
  beforeEach(async () => {
    const {server} = await freshServer()
    server.setPodAccess(NODE)
    const {key, certificate: cert} = credentials
    front = await server.listen({host: '127.0.0.1', port: 0, tls: {key, cert}})
    for (const [name, nodeName] of [
      ['web', 'n'],
      ['waiting', undefined],
    ]) {
      const containers = ['main', 'gone'].map((container) => ({name: container, image: 'i'}))
      await server.transport(TESTER).send({
        method: 'POST',
        path: '/api/v1/namespaces/default/pods',
        body: {metadata: {name}, spec: {containers, ...(nodeName && {nodeName})}},
      })
    }
  })
  afterEach(() => front.close())

  function send(
    path: string,
    headers: Record<string, string>,
  ): Promise<{status: number; body: string}> {
    return new Promise((resolve, reject) => {
      const request = httpsRequest({
        host: '127.0.0.1',
        servername: 'localhost',
        port: front.port,
        ca: credentials.certificate,
        path,
        headers: {authorization: `Bearer ${TOKEN}`, ...headers},
      })
      request.on('error', reject)
      request.on('upgrade', (_, socket) => {
        socket.destroy()
        resolve({status: 101, body: ''})
      })
      request.on('response', (response) => {
        text(response).then((body) => resolve({status: response.statusCode ?? 0, body}), reject)
      })
      request.end()
    })
  }

  test.each([
    [
      'without a token',
      `${EXEC}&container=main`,
      {...WEBSOCKET, authorization: ''},
      401,
      'Unauthorized',
    ],
    [
      'under another name',
      `${EXEC}&container=main`,
      {...WEBSOCKET, host: 'evil.test'},
      401,
      'Unauthorized',
    ],
    [
      'for a pod that is not there',
      EXEC.replace('/web/', '/nobody/'),
      WEBSOCKET,
      404,
      'pods \\"nobody\\" not found',
    ],
    [
      'without one of two containers',
      EXEC,
      WEBSOCKET,
      400,
      'a container name must be specified for pod web, choose one of: [main gone]',
    ],
    [
      'for a pod without a node',
      EXEC.replace('/web/', '/waiting/') + '&container=main',
      SPDY,
      400,
      'pod waiting does not have a host assigned',
    ],
    [
      'to a protocol nobody knows',
      `${EXEC}&container=main`,
      {...WEBSOCKET, 'sec-websocket-protocol': 'chat'},
      403,
      'client supports [chat]',
    ],
    [
      'to something else',
      `${EXEC}&container=main`,
      {connection: 'Upgrade', upgrade: 'gopher'},
      400,
      'Upgrade request required',
    ],
    [
      'for a container that does not run',
      `${EXEC}&container=gone`,
      SPDY,
      500,
      'container not found ("gone")\n',
    ],
    [
      'where there is nothing to switch to',
      '/api/v1/namespaces/default',
      WEBSOCKET,
      200,
      '"kind":"Namespace"',
    ],
  ] as const)('%s is answered', async (...[, path, headers, status, message]) => {
    const answer = await send(path, headers)
    expect(answer.status).toBe(status)
    expect(answer.body).toContain(message)
  })

  /** The messages of a WebSocket until it is closed, by channel. */
  function messages(path: string, protocol: string): Promise<Record<number, string>> {
    const socket = new WebSocket(`wss://127.0.0.1:${front.port}${path}`, protocol, {
      ca: credentials.certificate,
      headers: {authorization: `Bearer ${TOKEN}`},
    })
    const received: Record<number, string> = {}
    return new Promise((resolve, reject) => {
      socket.on('error', reject)
      socket.on('message', (message: Buffer) => {
        const [channel = 0] = message
        const data = message.subarray(1)
        const plain = protocol.includes('base64')
          ? Buffer.from(data.toString(), 'base64').toString()
          : data.toString()
        const number = protocol.includes('base64') ? channel - 0x30 : channel
        received[number] = (received[number] ?? '') + plain
      })
      socket.on('close', () => resolve(received))
    })
  }

  test.each(['v5.channel.k8s.io', 'v4.channel.k8s.io', 'v4.base64.channel.k8s.io'])(
    'to %s gets the output, then the outcome',
    async (protocol) => {
      const received = await messages(`${EXEC}&container=main`, protocol)
      expect(received[1]).toBe('main: echo hi')
      expect(JSON.parse(received[3] ?? '')).toMatchObject({
        reason: 'NonZeroExitCode',
        details: {causes: [{reason: 'ExitCode', message: '3'}]},
      })
    },
  )

  test('to version 5 learns of a missing container as an outcome', async () => {
    const received = await messages(`${EXEC}&container=gone`, 'v5.channel.k8s.io')
    expect(JSON.parse(received[3] ?? '')).toMatchObject({
      status: 'Failure',
      message:
        'Internal error occurred: unable to upgrade connection: container not found ("gone")',
    })
  })

  test('for a port that nobody has learns so on the channel of its errors', async () => {
    const received = await messages(`${WEB}/portforward?ports=8080`, 'v4.channel.k8s.io')
    expect(received[0]).toHaveLength(2)
    expect(received[1]).toContain('error forwarding port 8080 to pod')
    expect(received[1]).toContain('nobody listens on 8080')
  })
})
