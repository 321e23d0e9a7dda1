import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import fc from 'fast-check'
import {readYaml} from '../../../../src/util/yaml/read-yaml.ts'
import {describe, expect, test} from 'vitest'
import type {Gateway, HTTPRoute, VirtualService} from '../../../../src/api/istio/v1beta1.ts'
import {HeaderFields} from '../../../../src/http/header-fields.ts'
import {
  chooseDestination,
  compileVirtualService,
} from '../../../../src/istio/gateway/compiled-route.ts'
import {buildRouteTable, type RouteTable} from '../../../../src/istio/gateway/route-table.ts'
import {needs, RECORDINGS} from '../../../support/requirements.ts'

const GOLDEN = '../shared/golden'
const LABELS = {istio: 'ingressgateway', app: 'istio-ingressgateway'}

function gateway(name: string, port: number, more: Partial<Gateway['spec']> = {}): Gateway {
  return {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'Gateway',
    metadata: {name, namespace: 'knative-serving'},
    spec: {
      selector: {istio: 'ingressgateway'},
      servers: [{hosts: ['*'], port: {number: port, name: 'http', protocol: 'HTTP'}}],
      ...more,
    },
  }
}

const PUBLIC = gateway('knative-ingress-gateway', 80)
const LOCAL = gateway('knative-local-gateway', 8081)

function virtualService(
  name: string,
  hosts: string[],
  http: HTTPRoute[],
  more: {created?: string; gateways?: string[]; namespace?: string} = {},
): VirtualService {
  return {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'VirtualService',
    metadata: {
      name,
      namespace: more.namespace ?? 'default',
      creationTimestamp: more.created ?? '2026-01-01T00:00:00Z',
    },
    spec: {gateways: more.gateways ?? ['knative-serving/knative-ingress-gateway'], hosts, http},
  }
}

function to(service: string, match?: HTTPRoute['match']): HTTPRoute {
  return {
    ...(match !== undefined && {match}),
    route: [{destination: {host: `${service}.default.svc.cluster.local`, port: {number: 80}}}],
  }
}

interface Ask {
  readonly port?: number
  readonly host: string
  readonly path?: string
  readonly method?: string
  readonly headers?: Record<string, string>
}

/** Name of the first destination's Service, or the kind of the verdict. */
function ask(
  table: RouteTable,
  {port = 80, host, path = '/', method = 'GET', headers}: Ask,
): string {
  const verdict = table.find(port, {host, path, method, headers: HeaderFields.from(headers ?? {})})
  if (verdict.kind !== 'route') return verdict.kind
  return verdict.route.destinations[0]?.service.name ?? 'nowhere'
}

function tableOf(...virtualServices: VirtualService[]): RouteTable {
  return buildRouteTable({virtualServices, gateways: [PUBLIC, LOCAL], labels: LABELS})
}

describe('the route table', () => {
  test('finds a host whatever its port and its case', () => {
    const table = tableOf(virtualService('a', ['a.example.com'], [to('a')]))
    for (const host of ['a.example.com', 'A.Example.Com', 'a.example.com:8080']) {
      expect(ask(table, {host})).toBe('a')
    }
    expect(ask(table, {host: 'b.example.com'})).toBe('not-found')
    expect(ask(table, {host: ''})).toBe('not-found')
  })

  test('takes the first route that matches', () => {
    const table = tableOf(
      virtualService(
        'a',
        ['a'],
        [
          to('exact', [{uri: {exact: '/exact'}}]),
          to('prefix', [{uri: {prefix: '/api/'}}]),
          to('regex', [{uri: {regex: '/v[0-9]+/.*'}}]),
          to('post', [{method: {exact: 'POST'}}]),
          to('header', [{headers: {'X-Mode': {exact: 'on'}}}]),
          to('present', [{headers: {'x-any': {}}}]),
          to('both', [{uri: {prefix: '/both'}, headers: {'x-mode': {prefix: 'o'}}}]),
          to('either', [{uri: {exact: '/one'}}, {uri: {exact: '/two'}}]),
        ],
      ),
    )
    expect(ask(table, {host: 'a', path: '/exact?q=1'})).toBe('exact')
    expect(ask(table, {host: 'a', path: '/exact/more'})).toBe('not-found')
    expect(ask(table, {host: 'a', path: '/api/x'})).toBe('prefix')
    expect(ask(table, {host: 'a', path: '/v12/x'})).toBe('regex')
    expect(ask(table, {host: 'a', path: '/x/v12/x'})).toBe('not-found')
    expect(ask(table, {host: 'a', method: 'POST'})).toBe('post')
    expect(ask(table, {host: 'a', headers: {'x-mode': 'on'}})).toBe('header')
    expect(ask(table, {host: 'a', headers: {'x-any': ''}})).toBe('present')
    expect(ask(table, {host: 'a', path: '/both', headers: {'x-mode': 'off'}})).toBe('both')
    expect(ask(table, {host: 'a', path: '/two'})).toBe('either')
  })

  test('prefers the most specific host, and does not look further when its routes do not match', () => {
    const table = tableOf(
      virtualService('exact', ['a.b.example.com'], [to('exact', [{uri: {exact: '/only'}}])]),
      virtualService('near', ['*.b.example.com'], [to('near')]),
      virtualService('far', ['*.example.com'], [to('far')]),
      virtualService('any', ['*'], [to('any')]),
    )
    expect(ask(table, {host: 'a.b.example.com', path: '/only'})).toBe('exact')
    expect(ask(table, {host: 'a.b.example.com'})).toBe('not-found')
    expect(ask(table, {host: 'x.b.example.com'})).toBe('near')
    expect(ask(table, {host: 'x.y.b.example.com'})).toBe('near')
    expect(ask(table, {host: 'x.example.com'})).toBe('far')
    expect(ask(table, {host: 'example.com'})).toBe('any')
  })

  test('binds VirtualServices to the ports of their gateways', () => {
    const local = ['knative-serving/knative-local-gateway']
    const table = tableOf(
      virtualService('public', ['a'], [to('public')]),
      virtualService('local', ['a'], [to('local')], {gateways: local}),
      virtualService('mesh', ['m'], [to('mesh')], {gateways: ['mesh']}),
      virtualService(
        'both',
        ['b'],
        [
          to('inside', [{gateways: local}]),
          to('outside', [{gateways: ['knative-serving/knative-ingress-gateway']}]),
        ],
        {gateways: [...local, 'knative-serving/knative-ingress-gateway']},
      ),
    )
    expect(ask(table, {host: 'a'})).toBe('public')
    expect(ask(table, {host: 'a', port: 8081})).toBe('local')
    expect(ask(table, {host: 'm'})).toBe('not-found')
    expect(ask(table, {host: 'b'})).toBe('outside')
    expect(ask(table, {host: 'b', port: 8081})).toBe('inside')
    expect(ask(table, {host: 'a', port: 443})).toBe('not-found')
  })

  test('respects which gateways select it, and which hosts and namespaces a server takes', () => {
    const table = buildRouteTable({
      labels: LABELS,
      gateways: [
        gateway('other', 80, {selector: {istio: 'egressgateway'}}),
        gateway('mine', 80, {
          servers: [
            {
              hosts: ['default/*.example.com', './own.org'],
              port: {number: 80, protocol: 'HTTP'},
            },
          ],
        }),
      ],
      virtualServices: [
        virtualService('a', ['a.example.com', 'a.other.com'], [to('a')], {
          gateways: ['knative-serving/mine', 'knative-serving/other'],
        }),
        virtualService('b', ['b.example.com', 'own.org'], [to('b')], {
          namespace: 'knative-serving',
          gateways: ['mine'],
        }),
      ],
    })
    expect(ask(table, {host: 'a.example.com'})).toBe('a')
    expect(ask(table, {host: 'a.other.com'})).toBe('not-found')
    expect(ask(table, {host: 'b.example.com'})).toBe('not-found')
    expect(ask(table, {host: 'own.org'})).toBe('b')
  })

  test('sends plain requests to https where the server says so', () => {
    const table = buildRouteTable({
      labels: LABELS,
      gateways: [
        gateway('redirecting', 80, {
          servers: [
            {hosts: ['a'], port: {number: 80, protocol: 'HTTP'}, tls: {httpsRedirect: true}},
          ],
        }),
      ],
      virtualServices: [
        virtualService('a', ['a'], [to('a')], {gateways: ['knative-serving/redirecting']}),
      ],
    })
    expect(ask(table, {host: 'a'})).toBe('https-redirect')
  })

  test('changes with the VirtualService that changes, and forgets one that is removed', () => {
    const table = tableOf(
      virtualService('a', ['a', 'old.a'], [to('a1')]),
      virtualService('b', ['b'], [to('b')]),
    )
    expect(ask(table, {host: 'old.a'})).toBe('a1')
    table.setVirtualService(virtualService('a', ['a', 'new.a'], [to('a2')]))
    expect(ask(table, {host: 'a'})).toBe('a2')
    expect(ask(table, {host: 'new.a'})).toBe('a2')
    expect(ask(table, {host: 'old.a'})).toBe('not-found')
    table.removeVirtualService('default/a')
    expect(ask(table, {host: 'a'})).toBe('not-found')
    expect(ask(table, {host: 'b'})).toBe('b')
    expect(table.size).toBe(1)
  })

  test('follows Gateways as they come and go', () => {
    const table = tableOf(virtualService('a', ['a'], [to('a')]))
    table.removeGateway('knative-serving/knative-ingress-gateway')
    expect(ask(table, {host: 'a'})).toBe('not-found')
    table.setGateway(PUBLIC)
    expect(ask(table, {host: 'a'})).toBe('a')
  })

  test('asks VirtualServices of one host in the order of their creation, catch-alls last', () => {
    const table = tableOf(
      virtualService('young', ['a'], [to('young', [{uri: {prefix: '/y'}}])], {
        created: '2026-01-02T00:00:00Z',
      }),
      virtualService('old', ['a'], [to('old')], {created: '2026-01-01T00:00:00Z'}),
    )
    expect(ask(table, {host: 'a', path: '/y'})).toBe('young')
    expect(ask(table, {host: 'a', path: '/x'})).toBe('old')
  })

  test('asks those of one second in the order of their names, then of their namespaces', () => {
    const [first, second, third] = [
      virtualService('a', ['shared'], [to('first')], {namespace: 'y'}),
      virtualService('a', ['shared'], [to('second')], {namespace: 'z'}),
      virtualService('b', ['shared'], [to('third')], {namespace: 'x'}),
    ]
    const table = tableOf(third, second, first)
    expect(ask(table, {host: 'shared'})).toBe('first')
    table.removeVirtualService('y/a')
    expect(ask(table, {host: 'shared'})).toBe('second')
    table.removeVirtualService('z/a')
    expect(ask(table, {host: 'shared'})).toBe('third')
  })

  test('is the same whatever the order in which objects came', () => {
    const objects = [
      virtualService('a', ['a', 'shared'], [to('a', [{uri: {prefix: '/a'}}])]),
      virtualService(
        'b',
        ['b', 'shared'],
        [to('b', [{uri: {prefix: '/'}, method: {exact: 'GET'}}])],
      ),
      virtualService('c', ['*.example.com', 'shared'], [to('c')]),
      virtualService('d', ['*'], [to('d')]),
    ]
    const questions = ['a', 'b', 'shared', 'x.example.com', 'none'].flatMap((host) =>
      ['/', '/a', '/z'].map((path) => ({host, path})),
    )
    const answers = (table: RouteTable): string[] => questions.map((one) => ask(table, one))
    const expected = answers(tableOf(...objects))
    fc.assert(
      fc.property(
        fc.shuffledSubarray(objects, {minLength: objects.length}),
        fc.boolean(),
        (order, gatewaysLast) => {
          const table = buildRouteTable({
            labels: LABELS,
            gateways: gatewaysLast ? [] : [LOCAL, PUBLIC],
            virtualServices: order,
          })
          if (gatewaysLast) {
            table.setGateway(PUBLIC)
            table.setGateway(LOCAL)
          }
          expect(answers(table)).toEqual(expected)
        },
      ),
    )
  })
})

describe('the split of a route', () => {
  function split(weights: (number | undefined)[]): HTTPRoute {
    return {
      route: weights.map((weight, at) => ({
        destination: {host: `s${at}`},
        ...(weight !== undefined && {weight}),
      })),
    }
  }

  function compiled(weights: (number | undefined)[]) {
    const [route] = compileVirtualService(virtualService('v', ['a'], [split(weights)])).routes
    if (route === undefined) throw new Error('no route')
    return route
  }

  test('gives every destination exactly its share', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({max: 100}), {minLength: 2, maxLength: 6}), (weights) => {
        const route = compiled(weights)
        const total = weights.reduce((sum, weight) => sum + weight, 0)
        const counts = new Map<string, number>()
        for (let at = 0; at < total; at++) {
          const name = chooseDestination(route, (at + 0.5) / total)?.service.name ?? 'none'
          counts.set(name, (counts.get(name) ?? 0) + 1)
        }
        for (const [at, weight] of weights.entries()) {
          expect(counts.get(`s${at}`) ?? 0).toBe(weight)
        }
        expect(route.totalWeight).toBe(total)
      }),
    )
  })

  test('gives a single destination everything, with whatever weight', () => {
    for (const weight of [undefined, 0, 1, 100]) {
      expect(chooseDestination(compiled([weight]), 0.999)?.service.name).toBe('s0')
    }
  })

  test('gives nobody anything when no weight is set', () => {
    expect(chooseDestination(compiled([0, 0]), 0)).toBeUndefined()
  })
})

describe('VirtualServices that net-istio wrote', needs(RECORDINGS), () => {
  const gateways = RECORDINGS.isMet()
    ? (readYaml(readFileSync(`${GOLDEN}/00-install/gateways.yaml`, 'utf8')) as {items: Gateway[]})
        .items
    : []
  const files = RECORDINGS.isMet()
    ? readdirSync(GOLDEN, {recursive: true, encoding: 'utf8'}).filter((file) =>
        file.endsWith('virtualservice.yaml'),
      )
    : []

  function goldenTable(file: string): {table: RouteTable; items: VirtualService[]} {
    const {items} = readYaml(readFileSync(join(GOLDEN, file), 'utf8')) as {items: VirtualService[]}
    return {table: buildRouteTable({virtualServices: items, gateways, labels: LABELS}), items}
  }

  test.each(files)('%s lead every public host on port 80 and every local one on 8081', (file) => {
    const {table, items} = goldenTable(file)
    const hosts = items
      .filter(({spec}) => spec.gateways?.some((name) => name !== 'mesh'))
      .flatMap(({spec}) => spec.hosts ?? [])
    // A host of the cluster is reached from inside only.
    const isLocal = (host: string): boolean =>
      /(\.svc(\.cluster\.local)?|^[^.]+\.[^.]+)$/.test(host)
    const wrong = hosts.filter(
      (host) =>
        (ask(table, {host, port: 80}) === 'not-found') !== isLocal(host) ||
        (isLocal(host) && ask(table, {host, port: 8081}) === 'not-found'),
    )
    expect(hosts).not.toEqual([])
    expect(wrong).toEqual([])
  })

  test('lead tags to their revisions, and answer probes with the hash', () => {
    const {table} = goldenTable('d-traffic/2-tags/virtualservice.yaml')
    const domain = 'default.knative.example.com'
    expect(ask(table, {host: `candidate-helloworld-go.${domain}`})).toBe('helloworld-go-00002')
    expect(ask(table, {host: `latest-helloworld-go.${domain}:8080`})).toBe('helloworld-go-00003')
    const probe = table.find(80, {
      host: `helloworld-go.${domain}`,
      path: '/healthz',
      method: 'GET',
      headers: HeaderFields.from({'K-Network-Hash': 'override'}),
    })
    expect(probe.kind === 'route' && probe.route.request?.set).toEqual([
      ['k-network-hash', '6cda9b4e2d6e26f6d95eecafcbb2808b7c7f74e0f9bde40377ab7a4e7f4c04e2'],
    ])
    expect(probe.kind === 'route' && probe.route.destinations.map(({weight}) => weight)).toEqual([
      50, 50,
    ])
  })
})
