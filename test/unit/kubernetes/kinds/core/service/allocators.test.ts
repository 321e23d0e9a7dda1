import {describe, expect, test} from 'vitest'
import {
  PortAllocator,
  ServiceAddresses,
} from '../../../../../../src/kubernetes/kinds/core/service/allocators.ts'

describe('the addresses of Services', () => {
  test('are different for all that ask, and inside of the range', () => {
    const addresses = new ServiceAddresses()
    const given = Array.from({length: 2000}, (_, index) => addresses.allocate(`ns/${index}`))
    expect(new Set(given).size).toBe(2000)
    expect(given.every((address) => addresses.contains(address))).toBe(true)
  })

  test('are the same for the same Service in another run', () => {
    expect(new ServiceAddresses().allocate('ns/a')).toBe(new ServiceAddresses().allocate('ns/a'))
  })

  test('can be had again once they are given back', () => {
    const addresses = new ServiceAddresses()
    const first = addresses.allocate('ns/a')
    expect(addresses.allocate('ns/a')).not.toBe(first)
    addresses.release(first)
    expect(addresses.allocate('ns/a')).toBe(first)
  })
})

describe('the ports of nodes', () => {
  test('run out, and say so', () => {
    const ports = new PortAllocator()
    const given = Array.from({length: 2768}, (_, index) => ports.allocate(String(index)))
    expect(new Set(given).size).toBe(2768)
    expect(() => ports.allocate('one more')).toThrow('range is full')
  })
})
