import {describe, expect, test} from 'vitest'
import {structType} from '../../../../../src/kubernetes/apiserver/schema/builtin-types.ts'
import {decodeBuiltin} from '../../../../../src/kubernetes/apiserver/schema/decode-builtin.ts'
import type {JsonObject} from '../../../../../src/util/json.ts'

function decode(type: string, document: JsonObject): {object: JsonObject; unknown: string[]} {
  const unknown: string[] = []
  const target = {kind: type.slice(type.lastIndexOf('.') + 1), version: 'v1'}
  const object = decodeBuiltin(document, structType(type), target, (path) => unknown.push(path))
  return {object, unknown}
}

describe('reading a document of a built-in kind', () => {
  test('drops what Go does not know, and names it by its path in the order of the document', () => {
    const container = {name: 'c', bogus: 1, env: [{name: 'a'}, {name: 'b', valueFrm: {}}]}
    const {object, unknown} = decode('core.v1.Pod', {
      metadata: {name: 'p', labls: {}},
      spec: {containers: [container]},
      extra: true,
    })
    expect(unknown).toEqual([
      'metadata.labls',
      'spec.containers[0].bogus',
      'spec.containers[0].env[1].valueFrm',
      'extra',
    ])
    expect(object).not.toHaveProperty('extra')
  })

  test('drops empty fields that Go leaves out, and keeps those behind pointers', () => {
    const {object} = decode('core.v1.PodSpec', {
      hostNetwork: false,
      automountServiceAccountToken: false,
      nodeName: '',
      priority: 0,
      containers: [{name: 'c', stdin: false, env: [], securityContext: {runAsUser: 0}}],
    })
    expect(object).toEqual({
      automountServiceAccountToken: false,
      priority: 0,
      containers: [{name: 'c', resources: {}, securityContext: {runAsUser: 0}}],
    })
  })

  test('takes null for missing, and for the zero value inside of a map or list', () => {
    const {object} = decode('core.v1.ConfigMap', {metadata: null, data: {a: null, b: 'c'}})
    expect(object).toEqual({data: {a: '', b: 'c'}})
  })

  test('writes the structs that Go always has', () => {
    expect(decode('apps.v1.Deployment', {}).object).toEqual({
      spec: {strategy: {}, template: {metadata: {}, spec: {}}},
      status: {},
    })
    expect(decode('core.v1.Service', {}).object).toEqual({spec: {}, status: {loadBalancer: {}}})
  })

  test.each([
    ['0.5', '500m'],
    ['1000m', '1'],
    ['1024Mi', '1Gi'],
    [2, '2'],
  ])('writes the quantity %s as %s', (given, canonical) => {
    const {object} = decode('core.v1.ResourceRequirements', {limits: {cpu: given}})
    expect(object).toEqual({limits: {cpu: canonical}})
  })

  test.each([
    ['2024-01-02T03:04:05+01:00', '2024-01-02T02:04:05Z'],
    ['2024-01-02T03:04:05.678Z', '2024-01-02T03:04:05Z'],
  ])('writes the time %s as %s', (given, utc) => {
    expect(decode('meta.v1.ObjectMeta', {creationTimestamp: given}).object).toEqual({
      creationTimestamp: utc,
    })
  })

  test.each([
    [
      'core.v1.ConfigMap',
      {data: {n: 5}},
      'json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
    ],
    [
      'core.v1.Service',
      {spec: {ports: [{port: '80'}]}},
      'json: cannot unmarshal string into Go struct field ServicePort.spec.ports.port of type int32',
    ],
    [
      'core.v1.Pod',
      {spec: {containers: {}}},
      'json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container',
    ],
    [
      'core.v1.Pod',
      {spec: {priority: 1.5}},
      'json: cannot unmarshal number 1.5 into Go struct field PodSpec.spec.priority of type int32',
    ],
    ['core.v1.Secret', {data: {a: 'not base64!'}}, 'illegal base64 data at input byte 3'],
    [
      'meta.v1.ObjectMeta',
      {creationTimestamp: 'yesterday'},
      'parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"',
    ],
  ])('refuses %s %j', (type, document, problem) => {
    expect(() => decode(type, document)).toThrow(problem)
  })

  test('changes nothing when it reads what it wrote', () => {
    const pod = {
      metadata: {name: 'p', labels: {a: ''}},
      spec: {containers: [{name: 'c', image: 'i', resources: {limits: {memory: '0.5Gi'}}}]},
    }
    const {object} = decode('core.v1.Pod', pod)
    expect(decode('core.v1.Pod', object).object).toEqual(object)
  })

  test('hands out a copy', () => {
    const document = Object.freeze({data: Object.freeze({a: 'b'})})
    const {object} = decode('core.v1.ConfigMap', document)
    expect(object['data']).not.toBe(document.data)
  })
})
