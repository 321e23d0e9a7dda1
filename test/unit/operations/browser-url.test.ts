import {expect, test} from 'vitest'
import type {Connection, GatewayAccess} from '../../../src/operations/connection.ts'
import {browserUrl} from '../../../src/operations/browser-url.ts'

const LOCAL: GatewayAccess = {kind: 'address', host: '127.0.0.1', port: 8080}

test.each([
  ['a gateway of this machine', 'http', LOCAL, 'http://shop.example.com:8080'],
  ['its port for HTTPS', 'https', {...LOCAL, httpsPort: 8443}, 'https://shop.example.com:8443'],
  ['one that serves no HTTPS', 'https', LOCAL, 'https://shop.example.com'],
  ['a load balancer', 'https', {...LOCAL, host: '203.0.113.7'}, 'https://shop.example.com'],
] as const)('the URL for a browser goes by %s', async (_what, scheme, gateway, expected) => {
  const service = {
    metadata: {name: 'shop', namespace: 'default'},
    spec: {},
    status: {
      url: `${scheme}://shop.example.com`,
      conditions: [{type: 'Ready', status: 'True'}],
    },
  }
  const connection = {client: {get: async () => service}, gateway: async () => gateway}
  const url = await browserUrl(connection as unknown as Connection, {
    namespace: 'default',
    name: 'shop',
  })
  expect(url).toBe(expected)
})
