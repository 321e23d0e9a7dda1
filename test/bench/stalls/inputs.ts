/** What a client may send to keep a server busy: one input for each way that is known. */
import type {WireRequest} from './measured-server.ts'

/** An input of the bench. */
export interface StallInput {
  readonly name: string
  /** Sent before, and not measured. */
  readonly setup?: readonly WireRequest[]
  readonly request: WireRequest
}

const JSON_TYPE = 'application/json'
const YAML_TYPE = 'application/yaml'
export const APPLY_TYPE = 'application/apply-patch+yaml'
export const JSON_PATCH_TYPE = 'application/json-patch+json'
export const MERGE_PATCH_TYPE = 'application/merge-patch+json'
export const STRATEGIC_PATCH_TYPE = 'application/strategic-merge-patch+json'

export const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps'
const SERVICES = '/apis/serving.knative.dev/v1/namespaces/default/services'
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments'

/** `count` times what `make` answers for 0, 1, …, put together. */
export function many(count: number, make: (index: number) => string, between = ''): string {
  return Array.from({length: count}, (_, index) => make(index)).join(between)
}

/** The fields `k0`, `k1`, … with one value. */
export function fields(count: number, value: unknown = 'v'): Record<string, unknown> {
  return Object.fromEntries(Array.from({length: count}, (_, index) => [`k${index}`, value]))
}

export function post(path: string, body: object | string, type = JSON_TYPE): WireRequest {
  return {method: 'POST', path, type, body: typeof body === 'string' ? body : JSON.stringify(body)}
}

export function patch(path: string, type: string, body: object | string): WireRequest {
  return {method: 'PATCH', path, type, body: typeof body === 'string' ? body : JSON.stringify(body)}
}

export function configMap(name: string, rest: object = {}): object {
  return {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name}, ...rest}
}

function yamlMap(name: string, rest: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${rest}`
}

function yaml(name: string, rest: string, query = ''): WireRequest {
  return post(`${CONFIG_MAPS}${query}`, yamlMap(name, rest), YAML_TYPE)
}

const deep = 200_000

/** Bodies of objects. */
export const BODY_INPUTS: readonly StallInput[] = [
  ...[1000, 10_000, 24_000, 100_000].flatMap((count): StallInput[] => [
    {
      name: `JSON, ${count} keys in data`,
      request: post(CONFIG_MAPS, configMap(`json-${count}`, {data: fields(count)})),
    },
    {
      name: `YAML, ${count} keys in data`,
      request: yaml(`yaml-${count}`, `data:\n${many(count, (i) => `  k${i}: v\n`)}`),
    },
    {
      name: `YAML, flow map of ${count} keys`,
      request: yaml(`flow-${count}`, `data: {${many(count, (i) => `k${i}: v`, ', ')}}`),
    },
  ]),
  {
    name: 'JSON, 1 MiB in one value',
    request: post(CONFIG_MAPS, configMap('one', {data: {a: 'x'.repeat(1_024_000)}})),
  },
  {
    name: 'JSON, 2.9 MiB in one value',
    request: post(CONFIG_MAPS, configMap('large', {data: {a: 'x'.repeat(2_900_000)}})),
  },
  {
    name: 'JSON, 2.9 MiB of escapes',
    request: post(
      CONFIG_MAPS,
      `{"metadata":{"name":"escapes"},"data":{"a":"${String.raw`\u0041`.repeat(480_000)}"}}`,
    ),
  },
  {
    name: 'YAML, 1 MiB block of lines',
    request: yaml('block', `data:\n  a: |\n${many(15_000, () => `    ${'line '.repeat(12)}\n`)}`),
  },
  {
    name: 'YAML, 2.9 MiB in quotes with escapes',
    request: yaml('quoted', `data:\n  a: "${String.raw`\x41`.repeat(720_000)}"\n`),
  },
  {
    name: 'YAML, 2.9 MiB of comments',
    request: yaml(
      'comments',
      many(45_000, () => `# ${'comment '.repeat(7)}\n`),
    ),
  },
  {
    name: 'YAML, 2.9 MiB of empty lines',
    request: yaml('empty', `data:\n  a: |\n${'\n'.repeat(2_900_000)}  b\n`),
  },
  {
    name: 'YAML, 2.9 MiB folded plain text',
    request: yaml('folded', `data:\n  a:\n${many(360_000, () => `    text\n`)}`),
  },
  {
    name: 'YAML, 250 KiB folded plain text',
    request: yaml('folded', `data:\n  a:\n${many(27_000, () => `    text\n`)}`),
  },
  {name: 'YAML, deep brackets', request: yaml('deep', `data: ${'['.repeat(deep)}`)},
  {name: 'YAML, deep braces', request: yaml('deep', `data: ${'{a: '.repeat(60_000)}`)},
  {name: 'YAML, deep lists of dashes', request: yaml('deep', `data:\n ${'- '.repeat(100_000)}`)},
  {
    name: 'YAML, staircase of 700 maps',
    request: yaml(
      'stairs',
      many(700, (i) => `${' '.repeat(i)}a:\n`),
    ),
  },
  {
    name: 'JSON, deep brackets',
    request: post(CONFIG_MAPS, `{"data":${'['.repeat(deep)}`),
  },
  {
    name: 'YAML, bomb of aliases',
    request: yaml(
      'bomb',
      `data:\n  a0: &a0 [x,x,x,x,x,x,x,x,x]\n${many(9, (i) => `  a${i + 1}: &a${i + 1} [${many(9, () => `*a${i}`, ',')}]\n`)}`,
    ),
  },
  {
    name: 'YAML, bomb of merges',
    request: yaml(
      'merges',
      `x0: &x0 {${many(500, (i) => `k${i}: v`, ', ')}}\n${many(3000, () => `y: {<<: *x0}\n`)}`,
    ),
  },
  {
    name: 'YAML, merges of merges',
    request: yaml(
      'merges',
      `x0: &x0 {a: b}\n${many(900, (i) => `x${i + 1}: &x${i + 1} {<<: [*x${i}, *x${i}], k${i}: v}\n`)}`,
    ),
  },
  {
    name: 'YAML, 10,000 anchors',
    request: yaml('anchors', `data:\n${many(10_000, (i) => `  k${i}: &a${i} v\n`)}`),
  },
  {
    name: 'YAML, one anchor of 200 kB named often',
    request: yaml(
      'anchors',
      `data:\n  a: &a ${'x'.repeat(200_000)}\n  b: [${many(6000, () => '*a', ', ')}]\n`,
    ),
  },
  {
    name: 'YAML, 60,000 documents',
    request: yaml('documents', `---\n`.repeat(60_000)),
  },
  {
    name: 'YAML, 10,000 documents and an error',
    request: yaml('documents', `${`---\na: b\n`.repeat(10_000)}: : :\n`),
  },
  ...['Strict', 'Warn', 'Ignore'].flatMap((how): StallInput[] => [
    {
      name: `YAML, 15,000 doubled keys, ${how}`,
      request: yaml(
        `doubled-${how.toLowerCase()}`,
        `data:\n${many(15_000, () => '  a: b\n')}`,
        `?fieldValidation=${how}`,
      ),
    },
    {
      name: `JSON, 24,000 doubled keys, ${how}`,
      request: post(
        `${CONFIG_MAPS}?fieldValidation=${how}`,
        `{"metadata":{"name":"twice-${how.toLowerCase()}"},"data":{${many(24_000, () => '"a":"b"', ',')}}}`,
      ),
    },
    {
      name: `JSON, 24,000 unknown fields, ${how}`,
      request: post(`${CONFIG_MAPS}?fieldValidation=${how}`, {
        ...configMap(`unknown-${how.toLowerCase()}`),
        ...fields(24_000),
      }),
    },
  ]),
  {
    name: 'JSON, 12,000 annotations',
    request: post(CONFIG_MAPS, {
      ...configMap('notes'),
      metadata: {name: 'notes', annotations: fields(12_000)},
    }),
  },
  {
    name: 'JSON, 12,000 labels',
    request: post(CONFIG_MAPS, {
      ...configMap('labels'),
      metadata: {name: 'labels', labels: fields(12_000)},
    }),
  },
  {
    name: 'JSON, 24,000 finalizers',
    request: post(CONFIG_MAPS, {
      metadata: {
        name: 'finalizers',
        finalizers: Array.from({length: 24_000}, (_, i) => `example.com/f${i}`),
      },
    }),
  },
  {
    name: 'JSON, 10,000 owner references',
    request: post(CONFIG_MAPS, {
      metadata: {
        name: 'owners',
        ownerReferences: Array.from({length: 10_000}, (_, i) => ({
          apiVersion: 'v1',
          kind: 'Pod',
          name: `p${i}`,
          uid: `u${i}`,
        })),
      },
    }),
  },
  {
    name: 'JSON, 10,000 managed fields entries',
    request: post(CONFIG_MAPS, {
      metadata: {
        name: 'managed',
        managedFields: Array.from({length: 8000}, (_, i) => ({
          manager: `m${i}`,
          operation: 'Update',
          apiVersion: 'v1',
          fieldsType: 'FieldsV1',
          fieldsV1: {'f:data': {[`f:k${i}`]: {}}},
        })),
      },
    }),
  },
  {
    name: 'Deployment, 8,000 containers',
    request: post(
      DEPLOYMENTS,
      deployment('containers', {
        containers: Array.from({length: 8000}, (_, i) => ({name: `c${i}`, image: 'a'})),
      }),
    ),
  },
  {
    name: 'Deployment, 16,000 variables of the environment',
    request: post(
      DEPLOYMENTS,
      deployment('env', {
        containers: [
          {
            name: 'a',
            image: 'a',
            env: Array.from({length: 16_000}, (_, i) => ({name: `E${i}`, value: 'v'})),
          },
        ],
      }),
    ),
  },
  {
    name: 'Deployment, 8,000 ports',
    request: post(
      DEPLOYMENTS,
      deployment('ports', {
        containers: [
          {
            name: 'a',
            image: 'a',
            ports: Array.from({length: 12_000}, (_, i) => ({containerPort: i + 1})),
          },
        ],
      }),
    ),
  },
  {
    name: 'Deployment, 12,000 volumes',
    request: post(
      DEPLOYMENTS,
      deployment('volumes', {
        containers: [{name: 'a', image: 'a'}],
        volumes: Array.from({length: 12_000}, (_, i) => ({name: `v${i}`, emptyDir: {}})),
      }),
    ),
  },
  {
    name: 'Knative Service, 16,000 variables of the environment',
    request: post(SERVICES, {
      apiVersion: 'serving.knative.dev/v1',
      kind: 'Service',
      metadata: {name: 'env'},
      spec: {
        template: {
          spec: {
            containers: [
              {
                image: 'a',
                env: Array.from({length: 16_000}, (_, i) => ({name: `E${i}`, value: 'v'})),
              },
            ],
          },
        },
      },
    }),
  },
  {
    name: 'Knative Service, 12,000 traffic targets',
    request: post(SERVICES, {
      apiVersion: 'serving.knative.dev/v1',
      kind: 'Service',
      metadata: {name: 'traffic'},
      spec: {
        template: {spec: {containers: [{image: 'a'}]}},
        traffic: Array.from({length: 10_000}, (_, i) => ({
          latestRevision: true,
          percent: 0,
          tag: `t${i}`,
        })),
      },
    }),
  },
  {
    name: 'protobuf, 1 MiB of nested messages',
    request: {
      method: 'POST',
      path: CONFIG_MAPS,
      type: 'application/vnd.kubernetes.protobuf',
      body: Buffer.concat([
        Buffer.from('k8s\0'),
        Buffer.alloc(1_000_000, Buffer.from([0x12, 0x00])),
      ]),
    },
  },
]

function deployment(name: string, spec: object): object {
  const labels = {app: name}
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {name},
    spec: {replicas: 0, selector: {matchLabels: labels}, template: {metadata: {labels}, spec}},
  }
}
