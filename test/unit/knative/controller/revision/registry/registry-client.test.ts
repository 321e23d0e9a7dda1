import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {afterEach, describe, expect, test} from 'vitest'
import {parseImageTag} from '../../../../../../src/knative/controller/revision/registry/image-tag.ts'
import {
  RegistryRefusalError,
  RegistryUnreachableError,
  resolveTag,
} from '../../../../../../src/knative/controller/revision/registry/registry-client.ts'

const DIGEST = `sha256:${'a'.repeat(64)}`
const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** Starts a registry; answers its host and the requests it got. */
async function startRegistry(answers: Record<string, Answer>) {
  const asked: {line: string; authorization: string | undefined}[] = []
  const server = createServer((request, response) => {
    const line = `${request.method} ${request.url}`
    asked.push({line, authorization: request.headers.authorization})
    const answer = answers[line.split('?')[0] ?? '']
    if (answer === undefined) response.writeHead(404).end()
    else answer(request, response)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {host: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked}
}

const hasDigest: Answer = (_request, response) =>
  void response.writeHead(200, {'docker-content-digest': DIGEST}).end()
const isOpen: Answer = (_request, response) => void response.writeHead(200).end()

function resolve(image: string, credentials?: {username: string; password: string}) {
  return resolveTag(parseImageTag(image), {credentials, signal: AbortSignal.timeout(10_000)})
}

describe('a registry that is asked for a tag', () => {
  test('gives the digest of an open repository', async () => {
    const {host, asked} = await startRegistry({
      'GET /v2/': isOpen,
      'HEAD /v2/team/hello/manifests/v1': hasDigest,
    })
    expect(await resolve(`${host}/team/hello:v1`)).toBe(`${host}/team/hello@${DIGEST}`)
    expect(asked.at(-1)?.authorization).toBeUndefined()
  })

  test('is asked for latest where no tag is named', async () => {
    const {host} = await startRegistry({
      'GET /v2/': isOpen,
      'HEAD /v2/hello/manifests/latest': hasDigest,
    })
    expect(await resolve(`${host}/hello`)).toBe(`${host}/hello@${DIGEST}`)
  })

  test('is shown a token that was fetched with the credentials', async () => {
    const {host, asked} = await startRegistry({
      'GET /v2/': ({headers}, response) =>
        void response
          .writeHead(401, {
            'www-authenticate': `Bearer realm="http://${headers.host}/token",service="reg,1"`,
          })
          .end(),
      'GET /token': (_request, response) => void response.end('{"token":"secret"}'),
      'HEAD /v2/hello/manifests/v1': hasDigest,
    })
    await resolve(`${host}/hello:v1`, {username: 'ann', password: 'p:w'})
    const basic = `Basic ${Buffer.from('ann:p:w').toString('base64')}`
    expect(asked.slice(1)).toEqual([
      {
        line: 'GET /token?scope=repository%3Ahello%3Apull&service=reg%2C1',
        authorization: basic,
      },
      {line: 'HEAD /v2/hello/manifests/v1', authorization: 'Bearer secret'},
    ])
  })

  test('is shown name and password where it asks for them', async () => {
    const {host, asked} = await startRegistry({
      'GET /v2/': (_request, response) =>
        void response.writeHead(401, {'www-authenticate': 'Basic realm="x"'}).end(),
      'HEAD /v2/hello/manifests/v1': hasDigest,
    })
    await resolve(`${host}/hello:v1`, {username: 'ann', password: 'pw'})
    expect(asked.at(-1)?.authorization).toBe('Basic YW5uOnB3')
  })

  test('refuses what it does not have', async () => {
    const {host} = await startRegistry({'GET /v2/': isOpen})
    const failure = resolve(`${host}/hello:v1`)
    await expect(failure).rejects.toThrow(RegistryRefusalError)
    await expect(failure).rejects.toThrow(
      `HEAD http://${host}/v2/hello/manifests/v1: unexpected status code 404 Not Found (HEAD responses have no body, use GET for details)`,
    )
  })

  test('is quoted when it denies a token', async () => {
    const {host} = await startRegistry({
      'GET /v2/': ({headers}, response) =>
        void response
          .writeHead(401, {'www-authenticate': `Bearer realm="http://${headers.host}/token"`})
          .end(),
      'GET /token': (_request, response) =>
        void response
          .writeHead(403)
          .end('{"errors":[{"code":"DENIED","message":"requested access is denied"}]}'),
    })
    await expect(resolve(`${host}/hello`)).rejects.toThrow(/: DENIED: requested access is denied$/)
  })

  test('that is not there is no refusal', async () => {
    const {host} = await startRegistry({})
    for (const server of servers.splice(0)) server.close()
    const failure = resolve(`${host}/hello`)
    await expect(failure).rejects.toThrow(RegistryUnreachableError)
    await expect(failure).rejects.toThrow(
      `Get "https://${host}/v2/": dial tcp ${host}: connect: connection refused`,
    )
  })

  test('that does not answer in time is given up with the reason', async () => {
    const {host} = await startRegistry({'GET /v2/': () => undefined})
    const late = new AbortController()
    const failure = resolveTag(parseImageTag(`${host}/hello`), {
      credentials: undefined,
      signal: late.signal,
    })
    late.abort(new Error('context deadline exceeded'))
    await expect(failure).rejects.toThrow(`Get "https://${host}/v2/": context deadline exceeded`)
  })
})
