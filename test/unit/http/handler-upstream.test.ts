import {expect, test} from 'vitest'
import {gate, proxyTo, rawConnect} from './wire.ts'

function proxyToHandler(
  handle: (request: Request) => Promise<Response>,
): ReturnType<typeof proxyTo> {
  return proxyTo({kind: 'handler', handle})
}

test('gives a function the request and sends its response', async () => {
  const {port} = await proxyToHandler(async (request) =>
    Response.json(
      {
        method: request.method,
        url: request.url,
        custom: request.headers.get('x-custom'),
        body: await request.text(),
      },
      {
        status: 202,
        headers: [
          ['set-cookie', 'a=1'],
          ['set-cookie', 'b=2'],
        ],
      },
    ),
  )
  const response = await fetch(`http://127.0.0.1:${port}/a?b`, {
    method: 'POST',
    body: 'hello',
    headers: {'x-custom': '1'},
  })
  expect(response.status).toBe(202)
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  expect(await response.json()).toEqual({
    method: 'POST',
    url: `http://127.0.0.1:${port}/a?b`,
    custom: '1',
    body: 'hello',
  })
})

test('streams the response as the function makes it', async () => {
  const next = gate()
  const {port} = await proxyToHandler(async () => {
    async function* parts(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('first')
      await next.promise
      yield Buffer.from('second')
    }
    return new Response(ReadableStream.from(parts()))
  })
  const client = await rawConnect(port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  expect(await client.until('first')).not.toContain('second')
  next.resolve()
  expect(await client.until('second')).toContain('first')
})

test('aborts the signal of the request when the client goes away', async () => {
  const begun = gate()
  const aborted = gate()
  const {port, exchanges} = await proxyToHandler((request) => {
    request.signal.addEventListener('abort', () => aborted.resolve())
    begun.resolve()
    return new Promise(() => {})
  })
  const client = await rawConnect(port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  await begun.promise
  client.socket.destroy()
  await aborted.promise
  expect(exchanges[0]?.aborted).toBe(true)
})

test('fails when the function throws, and breaks off when its stream does', async () => {
  const {port, failures} = await proxyToHandler(async (request) => {
    if (request.url.endsWith('/throws')) throw new Error('no luck')
    async function* parts(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('first')
      throw new Error('half way')
    }
    return new Response(ReadableStream.from(parts()))
  })
  const refused = await fetch(`http://127.0.0.1:${port}/throws`)
  expect([refused.status, await refused.text()]).toEqual([502, 'no luck'])
  const broken = await fetch(`http://127.0.0.1:${port}/stream`)
  await expect(broken.text()).rejects.toThrow('terminated')
  expect(failures).toMatchObject([{failure: 'broken'}, {message: 'half way'}])
})

test('sends no body for HEAD', async () => {
  const {port} = await proxyToHandler(async () => new Response('body'))
  const client = await rawConnect(port, 'HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  await client.closed
  expect(client.text()).toMatch(/\r\n\r\n$/)
})
