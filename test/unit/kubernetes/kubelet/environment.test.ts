import {beforeEach, describe, expect, test} from 'vitest'
import {
  type ConfigMap,
  CONFIG_MAPS,
  type Container,
  type Pod,
  type Secret,
  SECRETS,
} from '../../../../src/api/core/v1.ts'
import {NAMESPACES} from '../../../../src/api/core/v1.ts'
import {resolveEnvironment} from '../../../../src/kubernetes/kubelet/environment.ts'
import {expandVariables} from '../../../../src/kubernetes/runtimes/expand-variables.ts'
import {NodeCluster, pod} from '../../../support/node-cluster.ts'

const POD: Pod = {
  ...pod('web', {nodeName: 'node-1', serviceAccountName: 'robot'}),
  metadata: {
    name: 'web',
    namespace: 'default',
    uid: 'u-1',
    labels: {app: 'web', 'a.b/c': 'd'},
    annotations: {note: 'with "quotes"'},
  },
  status: {podIP: '10.244.0.9', podIPs: [{ip: '10.244.0.9'}]},
}

describe('the environment of a container', () => {
  let cluster: NodeCluster
  beforeEach(async () => {
    cluster = new NodeCluster()
    await cluster.client.create(NAMESPACES, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {name: 'default'},
    })
    const settings: ConfigMap = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {name: 'settings', namespace: 'default'},
      data: {COLOR: 'blue', SIZE: 'big', '1st': 'x'},
    }
    const keys: Secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {name: 'keys', namespace: 'default'},
      data: {TOKEN: Buffer.from('s3cret').toString('base64')},
    }
    await cluster.client.create(CONFIG_MAPS, settings)
    await cluster.client.create(SECRETS, keys)
  })

  function resolve(container: Partial<Container>): Promise<Record<string, string>> {
    const source = {client: cluster.client, pod: POD, hostIp: '127.0.0.1'}
    return resolveEnvironment(source, {name: 'main', ...container})
  }

  test('takes whole ConfigMaps and Secrets first, then single values, which beat them', async () => {
    const env = await resolve({
      envFrom: [{configMapRef: {name: 'settings'}}, {prefix: 'MY_', secretRef: {name: 'keys'}}],
      env: [{name: 'COLOR', value: 'red'}],
    })
    expect(env).toEqual({COLOR: 'red', SIZE: 'big', MY_TOKEN: 's3cret'})
  })

  test('expands what stands before, and only that', async () => {
    const env = await resolve({
      env: [
        {name: 'HOST', value: 'db'},
        {name: 'URL', value: 'http://$(HOST):$(PORT)/$$(HOST)'},
        {name: 'PORT', value: '80'},
      ],
    })
    expect(env['URL']).toBe('http://db:$(PORT)/$(HOST)')
  })

  test('reads the fields of its pod', async () => {
    const field = (name: string, fieldPath: string): {name: string; valueFrom: object} => ({
      name,
      valueFrom: {fieldRef: {fieldPath}},
    })
    const env = await resolve({
      env: [
        field('NAME', 'metadata.name'),
        field('NAMESPACE', 'metadata.namespace'),
        field('UID', 'metadata.uid'),
        field('APP', "metadata.labels['app']"),
        field('MISSING', "metadata.labels['none']"),
        field('LABELS', 'metadata.labels'),
        field('NOTE', "metadata.annotations['note']"),
        field('NODE', 'spec.nodeName'),
        field('ACCOUNT', 'spec.serviceAccountName'),
        field('IP', 'status.podIP'),
        field('HOST', 'status.hostIP'),
      ],
    })
    expect(env).toEqual({
      NAME: 'web',
      NAMESPACE: 'default',
      UID: 'u-1',
      APP: 'web',
      MISSING: '',
      LABELS: 'a.b/c="d"\napp="web"',
      NOTE: 'with "quotes"',
      NODE: 'node-1',
      ACCOUNT: 'robot',
      IP: '10.244.0.9',
      HOST: '127.0.0.1',
    })
  })

  test.each([
    ['limits.cpu', undefined, '2'],
    ['limits.cpu', '1m', '1500'],
    ['limits.memory', '1Mi', '64'],
    ['requests.memory', undefined, '0'],
  ])('reads its resources: %s in %s', async (resource, divisor, expected) => {
    const env = await resolve({
      resources: {limits: {cpu: '1500m', memory: '64Mi'}},
      env: [
        {
          name: 'VALUE',
          valueFrom: {resourceFieldRef: {resource, ...(divisor !== undefined && {divisor})}},
        },
      ],
    })
    expect(env['VALUE']).toBe(expected)
  })

  test.each([
    [{configMapKeyRef: {name: 'none', key: 'k'}}, 'configmap "none" not found'],
    [{secretKeyRef: {name: 'none', key: 'k'}}, 'secret "none" not found'],
    [
      {configMapKeyRef: {name: 'settings', key: 'k'}},
      "couldn't find key k in ConfigMap default/settings",
    ],
    [{secretKeyRef: {name: 'keys', key: 'k'}}, "couldn't find key k in Secret default/keys"],
    [{fieldRef: {fieldPath: 'spec.none'}}, 'unsupported fieldPath: spec.none'],
  ])('says what is missing: %j', async (valueFrom, message) => {
    await expect(resolve({env: [{name: 'X', valueFrom}]})).rejects.toThrow(message)
  })

  test('does without what is optional', async () => {
    const env = await resolve({
      envFrom: [{configMapRef: {name: 'none', optional: true}}],
      env: [
        {name: 'A', valueFrom: {configMapKeyRef: {name: 'none', key: 'k', optional: true}}},
        {name: 'B', valueFrom: {secretKeyRef: {name: 'keys', key: 'k', optional: true}}},
        {name: 'C', value: 'c'},
      ],
    })
    expect(env).toEqual({C: 'c'})
  })
})

describe('expansion', () => {
  test.each([
    ['$(A)', 'x'],
    ['$(A)$(A)', 'xx'],
    ['$(NONE)', '$(NONE)'],
    ['$$(A)', '$(A)'],
    ['$$$(A)', '$x'],
    ['$A ${A} $', '$A ${A} $'],
    ['$(A', '$(A'],
    ['$(toString)', '$(toString)'],
  ])('of %j gives %j', (text, expected) => {
    expect(expandVariables(text, {A: 'x'})).toBe(expected)
  })
})
