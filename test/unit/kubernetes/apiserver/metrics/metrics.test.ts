import {describe, expect, test} from 'vitest'
import type {ApiRequest} from '../../../../../src/api/transport.ts'
import {freshServer, TESTER} from '../../../../conformance/kubernetes-api/fresh-server.ts'

const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps'

describe('the metrics of an API server', () => {
  async function after(...requests: readonly ApiRequest[]): Promise<string[]> {
    const {server} = await freshServer()
    const transport = server.transport(TESTER)
    for (const request of requests) await transport.send(request)
    const {status, headers, body} = await transport.send({method: 'GET', path: '/metrics'})
    expect(status).toBe(200)
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
    let text = ''
    if (body.kind === 'bytes') {
      for await (const chunk of body.chunks) text += Buffer.from(chunk).toString()
    }
    return text.split('\n')
  }
  const labels = (verb: string, code: number): string =>
    `{code="${code}",group="",resource="configmaps",subresource="",verb="${verb}",version="v1"}`

  test('count answered requests by what they asked for', async () => {
    const lines = await after(
      {method: 'POST', path: CONFIG_MAPS, body: {metadata: {name: 'a'}}},
      {method: 'POST', path: CONFIG_MAPS, body: {metadata: {name: 'a'}}},
      {method: 'GET', path: `${CONFIG_MAPS}/a`},
      {method: 'GET', path: `${CONFIG_MAPS}/a`},
      {method: 'GET', path: `${CONFIG_MAPS}/b`},
      {method: 'GET', path: CONFIG_MAPS},
    )
    for (const [verb, code, count] of [
      ['POST', 201, 1],
      ['POST', 409, 1],
      ['GET', 200, 2],
      ['GET', 404, 1],
      ['LIST', 200, 1],
    ] as const) {
      expect(lines).toContain(`apiserver_request_total${labels(verb, code)} ${count}`)
    }
  })

  test('count stored objects, each once, whatever versions show them', async () => {
    const lines = await after({method: 'POST', path: CONFIG_MAPS, body: {metadata: {name: 'a'}}})
    expect(lines).toContain('apiserver_storage_objects{resource="configmaps"} 1')
    const names = lines.flatMap(
      (line) => /^apiserver_storage_objects(\{.*\})/.exec(line)?.[1] ?? [],
    )
    expect(new Set(names).size).toBe(names.length)
  })

  test('say what each means', async () => {
    const lines = await after()
    const described = lines.filter((line) => line.startsWith('# TYPE')).length
    expect(described).toBeGreaterThan(3)
    expect(lines.filter((line) => line.startsWith('# HELP'))).toHaveLength(described)
    expect(lines.at(-1)).toBe('')
  })
})
