import {describe, expect, test} from 'vitest'
import type {EndpointSlice} from '../../../../../src/api/apps/v1.ts'
import {
  type EndpointGroup,
  planSlices,
} from '../../../../../src/kubernetes/controllers/endpoint-slice/slices.ts'

const PORTS = [{name: 'http', port: 8080, protocol: 'TCP'}]
const LABELS = {labels: {app: 'web'}, annotations: {}}

function endpoint(ip: string): EndpointSlice['endpoints'][number] {
  return {addresses: [ip], conditions: {ready: true}, targetRef: {kind: 'Pod', uid: ip}}
}

function group(...ips: string[]): EndpointGroup {
  return {ports: PORTS, endpoints: ips.map(endpoint)}
}

function slice(name: string, ...ips: string[]): EndpointSlice {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {name, namespace: 'default', ...LABELS},
    addressType: 'IPv4',
    endpoints: ips.map(endpoint),
    ports: PORTS,
  }
}

function ips({endpoints}: Pick<EndpointSlice, 'endpoints'>): (string | undefined)[] {
  return endpoints.map(({addresses}) => addresses[0])
}

describe('a plan for slices', () => {
  test('writes nothing when everything is in place', () => {
    const plan = planSlices([group('a', 'b')], [slice('one', 'b', 'a')], LABELS)
    expect(plan).toEqual({create: [], update: [], delete: []})
  })

  test('creates one empty slice for a Service without endpoints', () => {
    const plan = planSlices([], [], LABELS)
    expect(plan.create).toEqual([{endpoints: [], ports: []}])
  })

  test('keeps endpoints in their slice and puts new ones where there is room', () => {
    const plan = planSlices(
      [group('a', 'b', 'c', 'd')],
      [slice('full', 'a', 'b'), slice('half', 'c')],
      LABELS,
      2,
    )
    expect(plan.update.map(({metadata, ...rest}) => [metadata.name, ips(rest)])).toEqual([
      ['half', ['c', 'd']],
    ])
    expect([plan.create, plan.delete]).toEqual([[], []])
  })

  test('adds slices when all are full', () => {
    const plan = planSlices([group('a', 'b', 'c', 'd', 'e')], [slice('one', 'a', 'b')], LABELS, 2)
    expect(plan.create.map(ips)).toEqual([['c', 'd'], ['e']])
    expect(plan.update).toEqual([])
  })

  test('deletes slices that became empty, but keeps the last one', () => {
    const both = [slice('one', 'a'), slice('two', 'b')]
    const some = planSlices([group('a')], both, LABELS, 1)
    expect(some.delete.map(({metadata}) => metadata.name)).toEqual(['two'])
    const none = planSlices([], [slice('one', 'a')], LABELS)
    expect(none.update.map(ips)).toEqual([[]])
    expect(none.delete).toEqual([])
  })

  test('updates slices whose labels are not right', () => {
    const plan = planSlices([group('a')], [slice('one', 'a')], {labels: {app: 'other'}})
    expect(plan.update.map(({metadata}) => metadata.labels)).toEqual([{app: 'other'}])
  })

  test('gives pods with other ports a slice of their own', () => {
    const other: EndpointGroup = {
      ports: [{name: 'http', port: 9090, protocol: 'TCP'}],
      endpoints: [endpoint('z')],
    }
    const plan = planSlices([group('a'), other], [slice('one', 'a')], LABELS)
    expect(plan.create).toEqual([{ports: other.ports, endpoints: other.endpoints}])
    expect([plan.update, plan.delete]).toEqual([[], []])
  })
})
