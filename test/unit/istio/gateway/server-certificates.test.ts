import {generate} from 'selfsigned'
import {expect, test} from 'vitest'
import type {GatewayServerTls} from '../../../../src/api/istio/v1beta1.ts'
import type {Secret} from '../../../../src/api/core/v1.ts'
import {World} from './gateway-world.ts'

const pair = await generate([{name: 'commonName', value: 'any'}])
const other = await generate([{name: 'commonName', value: 'other'}])

test('the most specific host of all Gateways says which certificate is presented', async () => {
  const world = new World()
  for (const name of ['all', 'shops', 'shop']) world.gateway.setSecret(secret(name))
  addServer(world, '*', {mode: 'SIMPLE', credentialName: 'all'})
  addServer(world, '*.example.com', {mode: 'SIMPLE', credentialName: 'shops'})
  addServer(world, 'shop.example.com', {mode: 'SIMPLE', credentialName: 'shop'})
  const present = (name: string): unknown => world.gateway.secureContextFor(name)
  const contexts = ['shop.example.com', 'a.example.com', 'example.com'].map(present)
  expect(new Set(contexts).size).toBe(3)
  expect(present('SHOP.example.com')).toBe(contexts[0])
  expect(present('a.b.example.com')).toBe(contexts[1])
  expect(present('elsewhere.test')).toBe(contexts[2])
  world.gateway.removeGateway('default/shop.example.com')
  expect(present('shop.example.com')).toBe(contexts[1])
})

test.each([
  ['no Secret', {mode: 'SIMPLE', credentialName: 'absent'}],
  ['client certificates', {mode: 'MUTUAL', credentialName: 'shop'}],
  ['TLS that passes through', {mode: 'PASSTHROUGH'}],
  ['plain HTTP that is redirected', {httpsRedirect: true}],
] satisfies [string, GatewayServerTls][])('nothing is presented for %s', (_what, tls) => {
  const world = new World()
  world.gateway.setSecret(secret('shop'))
  addServer(world, 'shop.example.com', tls)
  expect(world.gateway.secureContextFor('shop.example.com')).toBeUndefined()
})

test('a Secret whose key does not fit is reported, and the certificate before stays in force', () => {
  const world = new World()
  world.gateway.setSecret(secret('shop'))
  addServer(world, 'shop.example.com', {mode: 'SIMPLE', credentialName: 'shop'})
  const before = world.gateway.secureContextFor('shop.example.com')
  world.gateway.setSecret(secret('shop', other.private))
  expect(world.gateway.secureContextFor('shop.example.com')).toBe(before)
  expect(world.logs).toEqual([expect.stringMatching(/^certificate shop cannot be used: /)])
  world.gateway.removeSecret('shop')
  expect(world.gateway.secureContextFor('shop.example.com')).toBeUndefined()
})

function addServer(world: World, host: string, tls: GatewayServerTls): void {
  world.gateway.setGateway({
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'Gateway',
    metadata: {name: host, namespace: 'default'},
    spec: {
      selector: {istio: 'ingressgateway'},
      servers: [{hosts: [host], port: {number: 443, protocol: 'HTTPS'}, tls}],
    },
  })
}

function secret(name: string, key = pair.private): Secret {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {name, namespace: 'istio-system'},
    data: {
      'tls.crt': Buffer.from(pair.cert).toString('base64'),
      'tls.key': Buffer.from(key).toString('base64'),
    },
  }
}
