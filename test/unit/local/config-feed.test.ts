import {describe, expect, test} from 'vitest'
import {ConfigStore} from '../../../src/api/config/config-store.ts'
import {CONFIG_MAPS, type ConfigMap} from '../../../src/api/core/v1.ts'
import {Client} from '../../../src/client/client.ts'
import {InformerFactory} from '../../../src/controller/informer.ts'
import {feedConfigs} from '../../../src/local/feeds/config-feed.ts'
import {FakeClock, settle} from '../../../src/util/fake-clock.ts'
import {TinyApi} from '../../support/tiny-api.ts'

/** A store that follows an API without webhooks. */
async function follow(...configMaps: readonly ConfigMap[]) {
  const client = new Client(new TinyApi())
  for (const configMap of configMaps) await client.create(CONFIG_MAPS, configMap)
  const informers = new InformerFactory(client, new FakeClock())
  const configs = new ConfigStore()
  const errors: string[] = []
  feedConfigs(informers, configs, (_component, key, error) =>
    errors.push(`${key}: ${String(error)}`),
  )
  const stop = new AbortController()
  await informers.start(stop.signal)
  return {client, configs, errors, stop}
}

function configGc(min: string, namespace = 'knative-serving'): ConfigMap {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {namespace, name: 'config-gc'},
    data: {'min-non-active-revisions': min},
  }
}

describe('settings of Knative', () => {
  test('follow their ConfigMaps', async () => {
    const {client, configs, errors, stop} = await follow(configGc('3'))
    expect(configs.snapshot().gc.minNonActiveRevisions).toBe(3)
    await client.patch(CONFIG_MAPS, configGc('').metadata, {type: 'merge', body: configGc('4')})
    await settle()
    expect(configs.snapshot().gc.minNonActiveRevisions).toBe(4)
    expect(errors).toEqual([])
    stop.abort()
  })

  test('stay as they were when one is bad, and it is said which and why', async () => {
    const {client, configs, errors, stop} = await follow(configGc('3'))
    await client.patch(CONFIG_MAPS, configGc('').metadata, {type: 'merge', body: configGc('-4')})
    await settle()
    expect(configs.snapshot().gc.minNonActiveRevisions).toBe(3)
    expect(errors).toEqual([
      'config-gc: Error: min-non-active-revisions must be non-negative, was: -4',
    ])
    stop.abort()
  })

  test('are the defaults where the first one is bad', async () => {
    const {configs, errors, stop} = await follow(configGc('many'))
    expect(configs.snapshot().gc.minNonActiveRevisions).toBe(20)
    expect(errors).toHaveLength(1)
    stop.abort()
  })

  test('do not follow ConfigMaps of other namespaces', async () => {
    const {configs, stop} = await follow(configGc('3', 'default'))
    expect(configs.snapshot().gc.minNonActiveRevisions).toBe(20)
    stop.abort()
  })
})
