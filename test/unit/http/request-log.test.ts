import {text} from 'node:stream/consumers'
import {describe, expect, test} from 'vitest'
import type {HttpHandler} from '../../../src/http/exchange.ts'
import {callHandler} from '../../../src/http/in-process.ts'
import {RequestLog} from '../../../src/http/request-log.ts'
import {FakeClock} from '../../../src/util/fake-clock.ts'

const REVISION = {name: 'web-00001', namespace: 'shop', service: 'web', configuration: 'web'}

/** The lines that one request leaves. */
async function log(
  template: string,
  headers: Record<string, string> = {},
  answer: HttpHandler = (exchange) => Promise.resolve(exchange.respond(200, 'hello')),
): Promise<string[]> {
  const lines: string[] = []
  const requests = new RequestLog({
    template,
    clock: new FakeClock(),
    write: (line) => lines.push(line),
    logProbes: false,
  })
  const response = await callHandler((exchange) => requests.around(exchange, REVISION, answer), {
    path: '/path?a=1',
    host: 'web.example.com',
    headers,
  })
  await text(response.body)
  return lines
}

describe('a line of the request log', () => {
  test.each([
    [
      '{{.Request.Method}} {{.Request.Host}}{{.Request.RequestURI}}',
      'GET web.example.com/path?a=1',
    ],
    ['{{.Response.Code}} {{.Response.Size}}', '200 5'],
    ['{{.Revision.Namespace}}/{{.Revision.Name}} {{.Revision.Service}}', 'shop/web-00001 web'],
    ['{{index .Request.Header "X-B3-Traceid"}}', '[f00]'],
    ['{{index .Request.Header "Missing"}}', '[]'],
    ['{{with index .Request.Header "X-B3-Traceid"}}{{index . 0}}{{end}}', 'f00'],
    ['{{if ge .Response.Code 500}}bad{{else}}good{{end}}', 'good'],
    ['{{.Request.UserAgent | printf "%q"}}', '"curl"'],
    ['a\n', 'a'],
  ])('%j is %j', async (template, line) => {
    expect(await log(template, {'x-b3-traceid': 'f00', 'user-agent': 'curl'})).toEqual([line])
  })

  test('shows the request as it came, whatever became of it', async () => {
    const change: HttpHandler = (exchange) => {
      exchange.path = '/other'
      exchange.headers.set('x-b3-traceid', 'other')
      exchange.respond(404)
      return Promise.resolve()
    }
    const template = '{{.Request.URL}} {{index .Request.Header "X-B3-Traceid"}} {{.Response.Code}}'
    expect(await log(template, {'x-b3-traceid': 'f00'}, change)).toEqual(['/path?a=1 [f00] 404'])
  })

  test('says what is known where the template does not fit', async () => {
    expect(await log('{{.Request.Nope}}')).toEqual([
      'Invalid request log template: method: GET, response code: 200, latency: 0, url: /path?a=1',
    ])
  })

  test('is not written for a probe', async () => {
    expect(await log('x', {'user-agent': 'kube-probe/1.36'})).toEqual([])
    expect(await log('x', {'k-network-probe': 'queue'})).toEqual([])
  })
})
