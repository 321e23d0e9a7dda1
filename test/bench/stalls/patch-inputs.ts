import {
  APPLY_TYPE,
  CONFIG_MAPS,
  configMap,
  fields,
  JSON_PATCH_TYPE,
  many,
  MERGE_PATCH_TYPE,
  patch,
  post,
  type StallInput,
  STRATEGIC_PATCH_TYPE,
} from './inputs.ts'

const NODES = '/api/v1/nodes'

function operations(count: number, make: (index: number) => object): object[] {
  return Array.from({length: count}, (_, index) => make(index))
}

function onMap(name: string, type: string, body: object | string, data: object = {}): StallInput {
  return {
    name: '',
    setup: [post(CONFIG_MAPS, configMap(name, {data}))],
    request: patch(`${CONFIG_MAPS}/${name}`, type, body),
  }
}

/** Patches of every kind. */
export const PATCH_INPUTS: readonly StallInput[] = [
  {
    ...onMap(
      'p-add',
      JSON_PATCH_TYPE,
      operations(10_000, (i) => ({op: 'add', path: `/data/k${i}`, value: 'v'})),
    ),
    name: 'JSON patch, 10,000 fields added',
  },
  {
    ...onMap(
      'p-10001',
      JSON_PATCH_TYPE,
      operations(10_001, (i) => ({op: 'add', path: `/data/k${i}`, value: 'v'})),
    ),
    name: 'JSON patch, one operation too many',
  },
  {
    ...onMap(
      'p-copy',
      JSON_PATCH_TYPE,
      operations(40, () => ({op: 'copy', from: '/metadata', path: '/metadata/annotations'})),
    ),
    name: 'JSON patch, 40 copies into themselves',
  },
  {
    ...onMap(
      'p-double',
      JSON_PATCH_TYPE,
      operations(30, (i) => ({
        op: 'copy',
        from: i % 2 === 0 ? '/x' : '/y',
        path: i % 2 === 0 ? '/y/a' : '/x/a',
      })).toSpliced(
        0,
        0,
        {op: 'add', path: '/x', value: {a: fields(100)}},
        {op: 'add', path: '/y', value: {}},
      ),
    ),
    name: 'JSON patch, copies that double',
  },
  {
    ...onMap('p-fan', JSON_PATCH_TYPE, [
      {op: 'add', path: '/x', value: ['a', 'b', 'c', 'd']},
      ...operations(24, () => ({op: 'copy', from: '/x', path: '/x/-'})),
    ]),
    name: 'JSON patch, a list copied into itself',
  },
  {
    ...onMap(
      'p-fat',
      JSON_PATCH_TYPE,
      operations(5000, (i) => ({op: 'copy', from: '/data/big', path: `/data/k${i}`})),
      {big: 'x'.repeat(500_000)},
    ),
    name: 'JSON patch, 5,000 copies of 500 kB',
  },
  {
    ...onMap(
      'p-test',
      JSON_PATCH_TYPE,
      operations(9000, () => ({op: 'test', path: '/data', value: 1})),
      fields(20_000),
    ),
    name: 'JSON patch, 9,000 tests of a large map',
  },
  {
    ...onMap(
      'p-testeq',
      JSON_PATCH_TYPE,
      operations(60, () => ({op: 'test', path: '/data', value: fields(800)})),
      fields(800),
    ),
    name: 'JSON patch, tests that compare a large map',
  },
  {
    ...onMap(
      'p-list',
      JSON_PATCH_TYPE,
      operations(10_000, (i) => ({
        op: 'add',
        path: '/metadata/finalizers/0',
        value: `a/${i}`,
      })).toSpliced(0, 1, {
        op: 'add',
        path: '/metadata/finalizers',
        value: [],
      }),
    ),
    name: 'JSON patch, 10,000 items put in front of a list',
  },
  {
    ...onMap(
      'p-move',
      JSON_PATCH_TYPE,
      operations(10_000, (i) => ({op: 'move', from: `/data/k${i}`, path: `/data/m${i}`})),
      fields(10_000),
    ),
    name: 'JSON patch, 10,000 moves',
  },
  {
    ...onMap(
      'p-deep',
      JSON_PATCH_TYPE,
      operations(10_000, () => ({op: 'add', path: '/a'.repeat(100), value: 1})),
    ),
    name: 'JSON patch, long paths',
  },
  {
    ...onMap(
      'p-nest',
      JSON_PATCH_TYPE,
      operations(9000, () => ({op: 'copy', from: '/x', path: '/x/a'})).toSpliced(0, 0, {
        op: 'add',
        path: '/x',
        value: {},
      }),
    ),
    name: 'JSON patch, 9,000 levels by copying',
  },
  {
    ...onMap('p-merge', MERGE_PATCH_TYPE, {data: fields(24_000, null)}, fields(24_000)),
    name: 'merge patch, 24,000 fields removed',
  },
  {
    ...onMap('p-merge-add', MERGE_PATCH_TYPE, {data: fields(24_000)}),
    name: 'merge patch, 24,000 fields added',
  },
  {
    ...onMap('p-strategic', STRATEGIC_PATCH_TYPE, {data: fields(24_000)}),
    name: 'strategic patch, 24,000 fields added',
  },
  {
    name: 'strategic patch, 12,000 deletions by key',
    setup: [
      post(NODES, {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: {name: 'n-strategic'},
      }),
    ],
    request: patch(`${NODES}/n-strategic`, STRATEGIC_PATCH_TYPE, {
      metadata: {
        ownerReferences: operations(12_000, (i) => ({$patch: 'delete', uid: `u${i}`})),
        '$deleteFromPrimitiveList/finalizers': Array.from({length: 12_000}, (_, i) => `a/${i}`),
        '$setElementOrder/finalizers': Array.from({length: 12_000}, (_, i) => `a/${i}`),
      },
    }),
  },
  {
    name: 'strategic patch, 8,000 items in another order',
    setup: [
      post(NODES, {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: {
          name: 'n-order',
          finalizers: Array.from({length: 8000}, (_, i) => `example.com/f${i}`),
        },
      }),
    ],
    request: patch(`${NODES}/n-order`, STRATEGIC_PATCH_TYPE, {
      metadata: {
        finalizers: Array.from({length: 8000}, (_, i) => `example.com/f${i + 4000}`),
        '$setElementOrder/finalizers': Array.from(
          {length: 12_000},
          (_, i) => `example.com/f${12_000 - i}`,
        ),
      },
    }),
  },
  {
    name: 'strategic patch, 8,000 taints',
    setup: [post(NODES, {apiVersion: 'v1', kind: 'Node', metadata: {name: 'n-taints'}})],
    request: patch(`${NODES}/n-taints`, STRATEGIC_PATCH_TYPE, {
      spec: {taints: operations(10_000, (i) => ({key: `k${i}`, effect: 'NoSchedule'}))},
    }),
  },
  ...[true, false].map((isYaml): StallInput => {
    const name = isYaml ? 'a-yaml' : 'a-json'
    const count = isYaml ? 20_000 : 24_000
    const object = configMap(name, {data: fields(count)})
    const text = isYaml
      ? `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata:\n${many(count, (i) => `  k${i}: v\n`)}`
      : JSON.stringify(object)
    return {
      name: `server-side apply, ${count} fields, a second manager, ${isYaml ? 'YAML' : 'JSON'}`,
      setup: [patch(`${CONFIG_MAPS}/${name}?fieldManager=one`, APPLY_TYPE, text)],
      request: patch(`${CONFIG_MAPS}/${name}?fieldManager=two`, APPLY_TYPE, text),
    }
  }),
  {
    name: 'server-side apply, 24,000 fields, first',
    request: patch(
      `${CONFIG_MAPS}/a-first?fieldManager=one`,
      APPLY_TYPE,
      configMap('a-first', {data: fields(24_000)}),
    ),
  },
  {
    name: 'server-side apply, 20,000 conflicts',
    setup: [
      patch(
        `${CONFIG_MAPS}/a-conflict?fieldManager=one`,
        APPLY_TYPE,
        configMap('a-conflict', {data: fields(20_000)}),
      ),
    ],
    request: patch(
      `${CONFIG_MAPS}/a-conflict?fieldManager=two`,
      APPLY_TYPE,
      configMap('a-conflict', {data: fields(20_000, 'other')}),
    ),
  },
  {
    name: 'server-side apply, 24,000 fields given up',
    setup: [
      patch(
        `${CONFIG_MAPS}/a-gone?fieldManager=one`,
        APPLY_TYPE,
        configMap('a-gone', {data: fields(24_000)}),
      ),
    ],
    request: patch(`${CONFIG_MAPS}/a-gone?fieldManager=one`, APPLY_TYPE, configMap('a-gone')),
  },
  {
    name: 'server-side apply, 12,000 items of a set',
    request: patch(`${CONFIG_MAPS}/a-set?fieldManager=one`, APPLY_TYPE, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'a-set',
        finalizers: Array.from({length: 12_000}, (_, i) => `example.com/f${i}`),
      },
    }),
  },
  {
    name: 'update, 24,000 fields, with another manager',
    setup: [post(CONFIG_MAPS, configMap('u-many', {data: fields(24_000)}))],
    request: {
      ...post(
        `${CONFIG_MAPS}/u-many?fieldManager=other`,
        configMap('u-many', {data: fields(24_000, 'w')}),
      ),
      method: 'PUT',
    },
  },
]
