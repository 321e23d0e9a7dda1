import {describe, expect, test} from 'vitest'
import type {KubeObject} from '../../../../src/api/meta/object.ts'
import {fieldSet} from '../../../../src/kubernetes/patch/fields-v1.ts'
import {applyConfiguration} from '../../../../src/kubernetes/patch/server-side-apply.ts'
import type {JsonObject} from '../../../../src/util/json.ts'
import {DEPLOYMENT} from './schemas.ts'
import {apply, failureOf, ownersOf, request, specOf, update, widget} from './widgets.ts'

describe('an apply that creates', () => {
  test('gives the manager exactly what the configuration sets', () => {
    const created = apply(undefined, {
      size: 1,
      labels: {a: '1'},
      whole: {x: '1'},
      list: ['a'],
      tags: ['t'],
      parts: [{name: 'p', value: 'v'}],
      anything: {deep: {er: 1}, list: [{a: 1}]},
    })
    expect(created.metadata.managedFields).toEqual([
      {
        manager: 'me',
        operation: 'Apply',
        apiVersion: 'example.com/v1',
        time: 'T1',
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:spec': {
            'f:anything': {'f:deep': {'.': {}, 'f:er': {}}, 'f:list': {}},
            'f:labels': {'f:a': {}},
            'f:list': {},
            'f:parts': {
              'k:{"kind":"plain","name":"p"}': {'.': {}, 'f:name': {}, 'f:value': {}},
            },
            'f:size': {},
            'f:tags': {'v:"t"': {}},
            'f:whole': {},
          },
        },
      },
    ])
    expect(specOf(created)).toEqual({
      size: 1,
      labels: {a: '1'},
      whole: {x: '1'},
      list: ['a'],
      tags: ['t'],
      parts: [{name: 'p', value: 'v'}],
      anything: {deep: {er: 1}, list: [{a: 1}]},
    })
  })

  test('leaves out the fields of another subresource', () => {
    const created = applyConfiguration({
      ...request(undefined, {size: 1}),
      applied: {...widget({size: 1}), status: {phase: 'Ready'}} as KubeObject,
      ignored: fieldSet(['status']),
    })
    expect(created.metadata.managedFields?.[0]?.fieldsV1).toEqual({'f:spec': {'f:size': {}}})
  })
})

describe('an apply over an earlier one', () => {
  test('changes nothing when it says the same, not even a time', () => {
    const once = apply(undefined, {size: 1, parts: [{name: 'a'}]})
    expect(apply(once, {size: 1, parts: [{name: 'a'}]}, {time: 'T2'})).toEqual(once)
  })

  test('removes what it does not set any more', () => {
    const once = apply(undefined, {
      size: 1,
      color: 'red',
      labels: {a: '1', b: '2'},
      tags: ['t', 'u'],
      parts: [{name: 'a'}, {name: 'b'}],
    })
    const twice = apply(once, {size: 1, labels: {b: '2'}, tags: ['u'], parts: [{name: 'b'}]})
    expect(specOf(twice)).toEqual({
      size: 1,
      labels: {b: '2'},
      tags: ['u'],
      parts: [{name: 'b'}],
    })
  })

  test('removes a map with all it set in it', () => {
    const once = apply(undefined, {size: 1, labels: {a: '1'}, parts: [{name: 'a'}]})
    expect(specOf(apply(once, {size: 1}))).toEqual({size: 1})
  })

  test('leaves what somebody else wrote into the same map and list', () => {
    const once = apply(undefined, {labels: {a: '1'}, parts: [{name: 'a', value: '1'}]})
    const patched = update(once, {
      labels: {a: '1', b: '2'},
      parts: [
        {name: 'a', value: '1', note: 'n'},
        {name: 'b', value: '2'},
      ],
    })
    expect(specOf(apply(patched, {size: 1}))).toEqual({
      size: 1,
      labels: {b: '2'},
      parts: [{name: 'b', value: '2'}],
    })
  })

  test('leaves what another manager applies too', () => {
    const mine = apply(undefined, {size: 1, labels: {a: '1'}})
    const both = apply(mine, {labels: {a: '1'}}, {manager: 'other'})
    const rest = apply(both, {size: 1})
    expect(specOf(rest)).toEqual({size: 1, labels: {a: '1'}})
    expect(ownersOf(rest)).toEqual({
      me: {'f:spec': {'f:size': {}}},
      other: {'f:spec': {'f:labels': {'f:a': {}}}},
    })
  })

  test('keeps its entry over another version of the kind', () => {
    const once = apply(undefined, {size: 1, color: 'red'})
    const twice = applyConfiguration({
      ...request(once, {size: 1}),
      applied: {...widget({size: 1}), apiVersion: 'example.com/v2'},
      apiVersion: 'example.com/v2',
    })
    expect(specOf(twice)).toEqual({size: 1})
    expect(twice.metadata.managedFields).toMatchObject([{apiVersion: 'example.com/v2'}])
  })
})

describe('an apply over the fields of others', () => {
  const live = update(undefined, {size: 1, color: 'red', labels: {a: '1'}}, 'kubectl-edit')

  test('conflicts when it changes one', () => {
    const error = failureOf(() => apply(live, {size: 2, color: 'red'}))
    expect(error.status).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message:
        'Apply failed with 1 conflict: conflict with "kubectl-edit" using example.com/v1: .spec.size',
      reason: 'Conflict',
      details: {
        causes: [
          {
            reason: 'FieldManagerConflict',
            message: 'conflict with "kubectl-edit" using example.com/v1',
            field: '.spec.size',
          },
        ],
      },
      code: 409,
    })
  })

  test('lists all conflicts by manager', () => {
    const applied = apply(live, {parts: [{name: 'p', value: '1'}]}, {manager: 'argo'})
    const error = failureOf(() =>
      apply(applied, {size: 2, color: 'blue', parts: [{name: 'p', value: '2'}]}),
    )
    expect(error.message).toBe(
      [
        'Apply failed with 3 conflicts: conflicts with "argo":',
        '- .spec.parts[kind="plain",name="p"].value',
        'conflicts with "kubectl-edit" using example.com/v1:',
        '- .spec.color',
        '- .spec.size',
      ].join('\n'),
    )
  })

  test('names the subresource of the other manager', () => {
    const reported = update(live, {size: 1}, 'scaler', 'scale')
    const error = failureOf(() => apply(update(reported, {size: 3}, 'scaler', 'scale'), {size: 2}))
    expect(error.message).toContain(
      'conflict with "scaler" with subresource "scale" using example.com/v1',
    )
  })

  test('takes them by force', () => {
    const forced = apply(live, {size: 2}, {force: true})
    expect(specOf(forced)).toMatchObject({size: 2, color: 'red'})
    expect(ownersOf(forced)).toEqual({
      me: {'f:spec': {'f:size': {}}},
      'kubectl-edit': {
        'f:spec': {'.': {}, 'f:color': {}, 'f:labels': {'.': {}, 'f:a': {}}},
      },
    })
  })

  test('shares them when the value is the same', () => {
    const shared = apply(live, {size: 1}, {time: 'T9'})
    expect(ownersOf(shared)).toMatchObject({
      me: {'f:spec': {'f:size': {}}},
      'kubectl-edit': {'f:spec': {'f:size': {}}},
    })
    expect(specOf(shared)).toEqual(specOf(live))
  })

  test('gives an object that nobody managed a manager for what it has', () => {
    const {managedFields: _, ...metadata} = live.metadata
    const unmanaged = {...live, metadata}
    const applied = apply(unmanaged, {labels: {b: '2'}}, {time: '2024-04-22T00:00:00Z'})
    expect(ownersOf(applied)).toMatchObject({
      'before-first-apply': {'f:spec': {'f:size': {}}},
      me: {'f:spec': {'f:labels': {'f:b': {}}}},
    })
    expect(failureOf(() => apply(unmanaged, {size: 2})).message).toContain('before-first-apply')
  })
})

describe('an apply by kubectl after client-side apply', () => {
  const annotation = 'kubectl.kubernetes.io/last-applied-configuration'
  const lastApplied = JSON.stringify(widget({size: 1, color: 'red'}))
  const live = update(undefined, {size: 1, color: 'red'}, 'kubectl-client-side-apply')
  const annotated: KubeObject = {
    ...live,
    metadata: {...live.metadata, annotations: {[annotation]: lastApplied}},
  }

  test('may change what was applied then and is still so', () => {
    const applied = apply(annotated, {size: 2}, {manager: 'kubectl'})
    expect(specOf(applied)).toEqual({size: 2, color: 'red'})
    expect(applied.metadata.annotations?.[annotation]).toBe(
      '{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"w"},"spec":{"size":2}}\n',
    )
  })

  test('conflicts where somebody changed it since', () => {
    const edited = update(annotated, {size: 5, color: 'red'}, 'editor')
    const error = failureOf(() => apply(edited, {size: 2, color: 'blue'}, {manager: 'kubectl'}))
    expect(error.message).toBe(
      'Apply failed with 1 conflict: conflict with "editor" using example.com/v1: .spec.size',
    )
  })

  test('is no reason for others to change it', () => {
    expect(() => apply(annotated, {size: 2})).toThrow('kubectl-client-side-apply')
  })
})

test('a deployment applied over defaults keeps them and owns only its own', () => {
  const applied = (image: string): KubeObject =>
    ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: {name: 'd'},
      spec: {template: {spec: {containers: [{name: 'web', image, ports: [{containerPort: 80}]}]}}},
    }) as KubeObject
  const base = {
    manager: 'me',
    force: false,
    time: 'T1',
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    type: DEPLOYMENT,
  }
  const created = applyConfiguration({...base, live: undefined, applied: applied('a')})
  const defaulted = structuredClone(created) as KubeObject & {spec: JsonObject}
  defaulted.spec = {
    replicas: 1,
    template: {
      spec: {
        restartPolicy: 'Always',
        containers: [
          {
            name: 'web',
            image: 'a',
            imagePullPolicy: 'Always',
            ports: [{containerPort: 80, protocol: 'TCP'}],
          },
        ],
      },
    },
  }
  const updated = applyConfiguration({...base, live: defaulted, applied: applied('b')})
  expect(specOf(updated)).toMatchObject({
    replicas: 1,
    template: {
      spec: {
        restartPolicy: 'Always',
        containers: [{image: 'b', imagePullPolicy: 'Always', ports: [{protocol: 'TCP'}]}],
      },
    },
  })
  expect(Object.keys(ownersOf(updated))).toEqual(['me'])
})
