import {describe, expect, test} from 'vitest'
import {readProxyTarget} from '../../../../src/local/pod-proxy/proxy-target.ts'

const SERVICES = new Set(['default/hello', 'shop/cart', 'default/com'])
const read = (authority: string) =>
  readProxyTarget(authority, 80, 'default', (name, ns) => SERVICES.has(`${ns}/${name}`))

describe('a name that a pod asks for', () => {
  test.each([
    ['hello', 'hello', 'default', 80],
    ['hello:8080', 'hello', 'default', 8080],
    ['hello.default', 'hello', 'default', 80],
    ['cart.shop', 'cart', 'shop', 80],
    ['cart.shop.svc', 'cart', 'shop', 80],
    ['cart.shop.svc.cluster.local', 'cart', 'shop', 80],
    ['CART.shop.svc.Cluster.Local.:81', 'cart', 'shop', 81],
    ['tag-hello.default.svc.cluster.local', 'tag-hello', 'default', 80],
    ['missing.default.svc', 'missing', 'default', 80],
  ])('%s is a Service', (authority, name, namespace, port) => {
    expect(read(authority)).toEqual({kind: 'service', name, namespace, port})
  })

  test.each([
    ['cart', 'cart', 80],
    ['example.com', 'example.com', 80],
    ['example.com:443', 'example.com', 443],
    ['hello.default.svc.example.com', 'hello.default.svc.example.com', 80],
    ['hello.default.local', 'hello.default.local', 80],
    ['svc.cluster.local', 'svc.cluster.local', 80],
    ['localhost:3000', 'localhost', 3000],
    ['192.0.2.1', '192.0.2.1', 80],
    ['[2001:db8::1]:8080', '2001:db8::1', 8080],
  ])('%s is left to the machine', (authority, host, port) => {
    expect(read(authority)).toEqual({kind: 'other', host, port})
  })

  test.each(['', ':80', 'hello:', 'hello:0', 'hello:65536', 'a:b:c', 'user@host:x'])(
    '%j is none',
    (authority) => {
      expect(read(authority)).toBeUndefined()
    },
  )
})
