import {describe, expect, test} from 'vitest'
import type {
  PodAccess,
  PodLogOptions,
} from '../../../../../../src/kubernetes/apiserver/pod-access.ts'
import {freshServer, TESTER} from '../../../../../conformance/kubernetes-api/fresh-server.ts'
import type {ApiResponse} from '../../../../../../src/api/transport.ts'

const LOG = '/api/v1/namespaces/default/pods/p/log'

describe('the log of a pod', () => {
  test('is what its node says, asked for what the client wants', async () => {
    const asked: PodLogOptions[] = []
    const {send} = await withPod(['a'], asked)
    const answer = await send(LOG, {tailLines: '10', follow: 'true', timestamps: 'true'})
    expect(answer.headers['content-type']).toBe('text/plain')
    expect(await textOf(answer)).toBe('hello\n')
    expect(asked).toEqual([
      {container: 'a', follow: true, previous: false, timestamps: true, tailLines: 10},
    ])
  })

  test('needs a container where there are several', async () => {
    const {send} = await withPod(['a', 'b'])
    expect(await send(LOG, {})).toMatchObject({
      status: 400,
      body: {
        value: {
          message: 'a container name must be specified for pod p, choose one of: [a b]',
        },
      },
    })
    expect((await send(LOG, {container: 'b'})).status).toBe(200)
    expect((await send(LOG, {container: 'c'})).status).toBe(400)
  })

  test.each(['x', '-1', '1.5'])('refuses tailLines=%s', async (tailLines) => {
    const {send} = await withPod(['a'])
    expect((await send(LOG, {tailLines})).status).toBe(400)
  })

  test('says so while no node runs pods', async () => {
    const {send} = await withPod(['a'], 'none')
    expect(await send(LOG, {})).toMatchObject({status: 503})
  })
})

async function withPod(
  containers: readonly string[],
  asked: PodLogOptions[] | 'none' = [],
): Promise<{send: (path: string, query: Record<string, string>) => Promise<ApiResponse>}> {
  const {server} = await freshServer()
  const transport = server.transport(TESTER)
  await transport.send({
    method: 'POST',
    path: '/api/v1/namespaces/default/pods',
    body: {
      metadata: {name: 'p'},
      spec: {containers: containers.map((name) => ({name, image: 'example.com/i'}))},
    },
  })
  if (asked !== 'none') server.setPodAccess(recording(asked))
  return {send: (path, query) => transport.send({method: 'GET', path, query})}
}

function recording(asked: PodLogOptions[]): PodAccess {
  return {
    async *logs(_namespace, _pod, options) {
      asked.push(options)
      yield Buffer.from('hello\n')
    },
    container: unexpected,
    dial: unexpected,
  }
}

function unexpected(): never {
  throw new Error('only logs are asked for')
}

async function textOf({body}: ApiResponse): Promise<string> {
  if (body.kind !== 'bytes') throw new Error('no bytes')
  const chunks: Uint8Array[] = []
  for await (const chunk of body.chunks) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
