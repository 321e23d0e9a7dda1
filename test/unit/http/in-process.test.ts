import {Readable} from 'node:stream'
import {text} from 'node:stream/consumers'
import {describe, expect, test} from 'vitest'
import {ClusterNetwork} from '../../../src/http/cluster-network.ts'
import type {Exchange} from '../../../src/http/exchange.ts'
import {HeaderFields} from '../../../src/http/header-fields.ts'
import {callHandler, fetchFrom} from '../../../src/http/in-process.ts'

describe('a call inside the process', () => {
  test('gives the handler the request and resolves when the response begins', async () => {
    const response = await callHandler(
      async (exchange) => {
        exchange.start(201, HeaderFields.from({'x-path': exchange.path}))
        exchange.write(Buffer.from(`${exchange.headers.get('x-in')} `))
        exchange.write(Buffer.from(await text(exchange.body ?? Readable.from([]))))
        exchange.end()
      },
      {
        method: 'POST',
        path: '/p',
        headers: {'X-In': '1'},
        body: Readable.from([Buffer.from('body')]),
      },
    )
    expect(response.status).toBe(201)
    expect(response.headers.get('x-path')).toBe('/p')
    expect(await text(response.body)).toBe('1 body')
  })

  test('holds the handler back while nobody reads', async () => {
    let written = 0
    const response = await callHandler(async (exchange) => {
      exchange.start(200, new HeaderFields())
      while (!exchange.finished && exchange.write(Buffer.alloc(16_384))) written++
    }, {})
    expect(written).toBeLessThan(10)
    response.body.destroy()
  })

  test('rejects when the handler fails, does not answer, or the caller gives up', async () => {
    await expect(callHandler(() => Promise.reject(new Error('no')), {})).rejects.toThrow('no')
    await expect(callHandler(async () => {}, {})).rejects.toThrow('did not answer')
    const controller = new AbortController()
    let seen: Exchange | undefined
    const call = callHandler(
      (exchange) => {
        seen = exchange
        return new Promise((resolve) => exchange.onAbort(() => resolve()))
      },
      {signal: controller.signal},
    )
    controller.abort(new Error('enough'))
    await expect(call).rejects.toThrow('enough')
    expect(seen?.aborted).toBe(true)
  })

  test('speaks the types of the web', async () => {
    const response = await fetchFrom(
      async (exchange) => exchange.respond(200, `${exchange.host}${exchange.path}`),
      new Request('http://hello.example:81/a?b=c', {method: 'POST', body: 'x'}),
    )
    expect([response.status, await response.text()]).toEqual([200, 'hello.example:81/a?b=c'])
    const empty = await fetchFrom(
      async (exchange) => exchange.respond(204),
      new Request('http://a/'),
    )
    expect(empty.body).toBeNull()
  })
})

describe('the pod network', () => {
  test('leads to whoever is bound, until it is released', () => {
    const network = new ClusterNetwork()
    const handler = async (): Promise<void> => {}
    const release = network.bind('10.0.0.1', 8012, handler)
    expect(network.dial('10.0.0.1', 8012)).toBe(handler)
    expect(network.dial('10.0.0.1', 8022)).toBeUndefined()
    expect(() => network.bind('10.0.0.1', 8012, handler)).toThrow('already bound')
    release()
    expect(network.dial('10.0.0.1', 8012)).toBeUndefined()
  })

  test('does not take an address from its next owner', () => {
    const network = new ClusterNetwork()
    const release = network.bind('10.0.0.1', 8012, async () => {})
    release()
    const successor = async (): Promise<void> => {}
    network.bind('10.0.0.1', 8012, successor)
    release()
    expect(network.dial('10.0.0.1', 8012)).toBe(successor)
  })
})
