import {CONFIG_MAPS, many, post, type StallInput} from './inputs.ts'

const VIRTUAL_SERVICES = '/apis/networking.istio.io/v1/namespaces/default/virtualservices'
const LONG = 48_000

function virtualService(name: string, match: object): object {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: {name},
    spec: {
      hosts: [`${name}.stall.example.com`],
      gateways: ['knative-serving/knative-ingress-gateway'],
      http: [{match: [match], route: [{destination: {host: 'nowhere', port: {number: 80}}}]}],
    },
  }
}

function config(name: string, data: Record<string, string>): StallInput {
  return {
    name: '',
    request: {
      method: 'PATCH',
      path: `/api/v1/namespaces/knative-serving/configmaps/${name}`,
      type: 'application/merge-patch+json',
      body: JSON.stringify({data}),
    },
  }
}

/** Templates that take long, or make something long. */
const TEMPLATES: readonly string[] = [
  '{{printf "%999999999d" 1}}.{{.Domain}}',
  '{{printf "%.999999999f" 1.5}}.{{.Domain}}',
  '{{printf "%[1]*d" 999999999 1}}.{{.Domain}}',
  `{{range $i, $e := .Annotations}}${'x'.repeat(1000)}{{end}}.{{.Domain}}`,
  `{{with $x := .Name}}${many(200, () => '{{$x}}{{$x}}')}{{end}}.{{.Domain}}`,
  `${many(30, (i) => `{{$a${i} := printf "%s%s" ${i === 0 ? '.Name .Name' : `$a${i - 1} $a${i - 1}`}}}`)}{{$a29}}.{{.Domain}}`,
  `${'{{if true}}'.repeat(5000)}x${'{{end}}'.repeat(5000)}.{{.Domain}}`,
  `{{.Name}}.${'{{.Namespace}}'.repeat(20_000)}{{.Domain}}`,
  `{{${'('.repeat(20_000)}.Name${')'.repeat(20_000)}}}.{{.Domain}}`,
  `{{${' '.repeat(200_000)}.Name}}.{{.Domain}}`,
  `{{/*${'*'.repeat(200_000)}`,
  `{{.Name | ${many(5000, () => 'printf "%s"', ' | ')}}}.{{.Domain}}`,
  `${'{{define "x"}}{{template "x"}}{{end}}'}{{template "x"}}.{{.Domain}}`,
  `{{define "a"}}{{template "b"}}{{template "b"}}{{end}}${many(26, (i) => `{{define "${String.fromCharCode(98 + i)}"}}{{template "${String.fromCharCode(99 + i)}"}}{{template "${String.fromCharCode(99 + i)}"}}{{end}}`)}{{template "a"}}`,
]

/** Paths, queries, headers, routes and settings. */
export const REQUEST_INPUTS: readonly StallInput[] = [
  ...[
    ['labels', `labelSelector=${many(4000, (i) => `k${i}=v${i}`, ',')}`],
    ['label sets', `labelSelector=k+in+(${many(8000, (i) => `v${i}`, ',')})`],
    ['label brackets', `labelSelector=${'('.repeat(LONG)}`],
    ['label blanks', `labelSelector=a${'+'.repeat(LONG)}b`],
    ['label bangs', `labelSelector=${'!'.repeat(LONG)}`],
    ['labels of one character', `labelSelector=${'a'.repeat(LONG)}`],
    ['fields', `fieldSelector=${many(2500, () => 'metadata.name=a', ',')}`],
    ['field escapes', `fieldSelector=metadata.name%3D${'%5C'.repeat(LONG / 3)}`],
    ['parameters', many(8000, (i) => `k${i}=v`, '&')],
    ['one parameter', many(12_000, () => 'a=', '&')],
    ['percent signs', `a=${'%41'.repeat(LONG / 3)}`],
    ['a token to go on', `limit=1&continue=${'A'.repeat(LONG)}`],
    [
      'deep token to go on',
      `limit=1&continue=${Buffer.from('['.repeat(30_000)).toString('base64url')}`,
    ],
    ['versions', `resourceVersion=${'1'.repeat(LONG)}`],
    ['time limits', `watch=false&timeoutSeconds=${'9'.repeat(LONG)}`],
    ['field managers', `fieldManager=${'é'.repeat(7000)}`],
  ].map(([name = '', query = '']): StallInput => ({
    name: `query, ${name}`,
    request: {path: `${CONFIG_MAPS}?${query}`},
  })),
  {name: 'path, slashes', request: {path: `/api/v1/${'/'.repeat(LONG)}`}},
  {name: 'path, dots', request: {path: `/api/v1/${'../'.repeat(LONG / 3)}`}},
  {name: 'path, a long name', request: {path: `${CONFIG_MAPS}/${'a'.repeat(LONG)}`}},
  {name: 'path, dashes', request: {path: `${CONFIG_MAPS}/${'a-'.repeat(LONG / 2)}!`}},
  {
    name: 'headers, a long Accept',
    request: {path: CONFIG_MAPS, headers: {accept: many(6000, () => 'a/b;q=1', ',')}},
  },
  {
    name: 'headers, blanks in Accept',
    request: {path: CONFIG_MAPS, headers: {accept: `a${' '.repeat(LONG)}b`}},
  },
  {
    name: 'headers, semicolons in Accept',
    request: {path: CONFIG_MAPS, headers: {accept: ';'.repeat(LONG)}},
  },
  {
    name: 'headers, a long token',
    request: {path: CONFIG_MAPS, headers: {authorization: `Bearer ${'a.'.repeat(LONG / 2)}`}},
  },
  {
    name: 'headers, blanks in Authorization',
    request: {path: CONFIG_MAPS, headers: {authorization: `Bearer ${' '.repeat(LONG)}a`}},
  },
  {
    name: 'headers, a long Content-Type',
    request: {...post(CONFIG_MAPS, {}), type: `application/json${'; a=b'.repeat(LONG / 5)}`},
  },
  {
    name: 'headers, a long range of encodings',
    request: {path: CONFIG_MAPS, headers: {'accept-encoding': many(9000, () => 'a', ',')}},
  },
  ...['(a+)+$', '(.*)*x', '^(/a|/a/a)*$', '/(a|b|ab)*c', '(/a?){200}z'].flatMap(
    (regex, index): StallInput[] => [
      {
        name: `gateway, path by ${regex}`,
        setup: [post(VIRTUAL_SERVICES, virtualService(`path${index}`, {uri: {regex}}))],
        request: {
          toGateway: true,
          path: `/${'a/'.repeat(7000)}!`,
          headers: {host: `path${index}.stall.example.com`},
        },
      },
      {
        name: `gateway, header by ${regex}`,
        setup: [
          post(VIRTUAL_SERVICES, virtualService(`header${index}`, {headers: {'x-a': {regex}}})),
        ],
        request: {
          toGateway: true,
          path: '/',
          headers: {host: `header${index}.stall.example.com`, 'x-a': `${'a'.repeat(14_000)}!`},
        },
      },
    ],
  ),
  {
    name: 'gateway, 5,000 headers',
    request: {
      toGateway: true,
      path: '/',
      headers: Object.fromEntries(Array.from({length: 900}, (_, i) => [`x-${i}`, 'v'])),
    },
  },
  {
    name: 'gateway, cookies',
    request: {toGateway: true, path: '/', headers: {cookie: 'a=b;'.repeat(3500)}},
  },
  {
    name: 'gateway, X-Forwarded-For',
    request: {toGateway: true, path: '/', headers: {'x-forwarded-for': '1.1.1.1,'.repeat(1500)}},
  },
  {name: 'gateway, a path of dots', request: {toGateway: true, path: `/${'../'.repeat(4500)}`}},
  {
    name: 'gateway, a path of escapes',
    request: {toGateway: true, path: `/${'%2e%2e%2f'.repeat(1500)}`},
  },
  {
    name: 'gateway, a long host',
    request: {toGateway: true, path: '/', headers: {host: 'a.'.repeat(7000)}},
  },
  ...TEMPLATES.flatMap((template): StallInput[] => [
    {
      ...config('config-network', {'domain-template': template}),
      name: `domain template ${template.slice(0, 40)}`,
    },
    {
      ...config('config-network', {'tag-template': template}),
      name: `tag template ${template.slice(0, 40)}`,
    },
  ]),
  {
    ...config('config-autoscaler', {'stable-window': '1h'.repeat(100_000)}),
    name: 'config, a long duration',
  },
  {
    ...config('config-autoscaler', {
      'container-concurrency-target-percentage': '1'.repeat(500_000),
    }),
    name: 'config, a long number',
  },
  {
    ...config('config-defaults', {'revision-cpu-request': '1'.repeat(500_000)}),
    name: 'config, a long quantity',
  },
  {
    ...config('config-defaults', {'container-name-template': `{{${'.'.repeat(100_000)}}}`}),
    name: 'config, a long name template',
  },
  {
    ...config('config-deployment', {'registries-skipping-tag-resolving': 'a,'.repeat(250_000)}),
    name: 'config, a long list',
  },
  {
    ...config(
      'config-domain',
      Object.fromEntries(
        Array.from({length: 8000}, (_, i) => [`d${i}.example.com`, 'selector:\n  app: a\n']),
      ),
    ),
    name: 'config, 8,000 domains',
  },
  {
    ...config('config-domain', {
      'x.example.com': `selector:\n${many(20_000, (i) => `  k${i}: v\n`)}`,
    }),
    name: 'config, a domain with 20,000 labels',
  },
  {
    ...config('config-domain', {'y.example.com': `selector: ${'['.repeat(200_000)}`}),
    name: 'config, deep brackets',
  },
  {
    ...config('config-features', {'kubernetes.podspec-dryrun': 'x'.repeat(900_000)}),
    name: 'config, a long flag',
  },
  {
    ...config('config-observability', {
      'logging.request-log-template': `{{${'if true}}{{'.repeat(20_000)}`,
    }),
    name: 'config, a log template',
  },
  {
    ...config('config-gc', {'retain-since-create-time': `${'9'.repeat(300_000)}h`}),
    name: 'config, a long time to keep',
  },
  {
    ...config('config-istio', {'external-gateways': `- ${'a: b\n  '.repeat(60_000)}`}),
    name: 'config, gateways of Istio',
  },
]
