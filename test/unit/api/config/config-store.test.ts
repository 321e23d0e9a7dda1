import {describe, expect, test} from 'vitest'
import {ConfigStore, validateConfigMap} from '../../../../src/api/config/config-store.ts'
import {exampleChecksum} from '../../../../src/api/config/example.ts'
import type {ConfigMap} from '../../../../src/api/core/v1.ts'

function configMap(name: string, data: Record<string, string>): ConfigMap {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {name, namespace: 'knative-serving'},
    data,
  }
}

describe('the store of ConfigMaps', () => {
  test('a good one comes into force and listeners hear of it', () => {
    const store = new ConfigStore()
    const heard: unknown[] = []
    store.onChange((snapshot, entry) => heard.push([entry, snapshot.autoscaler.minScale]))
    expect(store.update(configMap('config-autoscaler', {'min-scale': '2'}))).toBeUndefined()
    expect(store.snapshot().autoscaler.minScale).toBe(2)
    expect(heard).toEqual([['autoscaler', 2]])
  })

  test('a bad one is named and the old value stays in force', () => {
    const store = new ConfigStore()
    store.update(configMap('config-gc', {'min-non-active-revisions': '7'}))
    const before = store.snapshot()
    const problem = store.update(configMap('config-gc', {'min-non-active-revisions': '-1'}))
    expect(problem?.message).toBe('min-non-active-revisions must be non-negative, was: -1')
    expect(store.snapshot()).toBe(before)
  })

  test('after a bad one, the good one of before is still known', () => {
    const store = new ConfigStore()
    const good = configMap('config-gc', {'min-non-active-revisions': '7'})
    const heard: string[] = []
    store.update(good)
    store.onChange((_, entry) => heard.push(entry))
    store.update(configMap('config-gc', {'min-non-active-revisions': '-1'}))
    store.update(good)
    expect(store.snapshot().gc.minNonActiveRevisions).toBe(7)
    expect(heard).toEqual([])
  })

  test('a snapshot never changes', () => {
    const store = new ConfigStore()
    const before = store.snapshot()
    store.update(configMap('config-domain', {'example.com': ''}))
    expect([...before.domain.domains.keys()]).toEqual(['svc.cluster.local'])
    expect([...store.snapshot().domain.domains.keys()]).toEqual(['example.com'])
  })

  test('others are nobody’s business', () => {
    const store = new ConfigStore()
    const before = store.snapshot()
    expect(store.update(configMap('constructor', {}))).toBeUndefined()
    expect(store.update(configMap('kube-root-ca.crt', {'ca.crt': 'x'}))).toBeUndefined()
    expect(store.snapshot()).toBe(before)
  })

  test('a listener that left hears nothing', () => {
    const store = new ConfigStore()
    const heard: string[] = []
    const leave = store.onChange((_, entry) => heard.push(entry))
    leave()
    store.update(configMap('config-network', {'rollout-duration': '5'}))
    expect(heard).toEqual([])
  })
})

describe('the documentation inside a ConfigMap', () => {
  const EXAMPLE = 'a: b\n\n\nc: d\n'

  function documented(example: string): ConfigMap {
    const made = configMap('config-gc', {_example: example})
    made.metadata.annotations = {'knative.dev/example-checksum': exampleChecksum(EXAMPLE)}
    return made
  }

  test('blank lines and spaces around it do not count', () => {
    expect(() => validateConfigMap(documented('\n  a: b\nc: d\r\n'))).not.toThrow()
  })

  test('a setting inside it is refused, since nobody would read it', () => {
    expect(() => validateConfigMap(documented('a: c\n'))).toThrow(
      'the update modifies a key in "_example" which is probably not what you want.',
    )
  })
})
