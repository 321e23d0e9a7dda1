/** The ConfigMaps as Knative ships them: readable, unedited, and documenting the real defaults. */
import {describe, expect, test} from 'vitest'
import {readYaml} from '../../../src/util/yaml/read-yaml.ts'
import {ConfigStore, validateConfigMap} from '../../../src/api/config/config-store.ts'
import type {ConfigMap} from '../../../src/api/core/v1.ts'
import {goldenText} from '../../support/golden-objects.ts'
import {needs, RECORDINGS} from '../../support/requirements.ts'

/** Why an example does not say what holds without it. */
const NOT_THE_DEFAULTS: Readonly<Record<string, string>> = {
  'config-domain': 'it invents domains',
  'config-logging': 'it sets what is unset by default',
  'config-defaults': 'it shows resources that nobody gets by default',
  'config-deployment': 'it shows resources that nobody gets by default',
  'config-observability': 'it shows a log URL and a collector that nobody has by default',
  'config-tracing': 'it shows an endpoint that nobody has by default',
}

const configMaps: ConfigMap[] = RECORDINGS.isMet()
  ? (readYaml(goldenText('00-install/configmaps.yaml')) as {items: ConfigMap[]}).items.filter(
      ({metadata}) => metadata.name.startsWith('config-'),
    )
  : []

describe('each released ConfigMap', needs(RECORDINGS), () => {
  test('is recorded', () => {
    expect(configMaps).toHaveLength(12)
  })

  test.each(configMaps.map((each) => [each.metadata.name, each] as const))(
    '%s is accepted, with the checksum it was released with',
    (_, configMap) => {
      expect(() => validateConfigMap(configMap)).not.toThrow()
      expect(new ConfigStore().update(configMap)).toBeUndefined()
    },
  )

  test.each(
    configMaps
      .filter(({metadata}) => NOT_THE_DEFAULTS[metadata.name] === undefined)
      .map((each) => [each.metadata.name, each] as const),
  )('%s documents the defaults', (name, configMap) => {
    const examples = readYaml(configMap.data?.['_example'] ?? '') as Record<string, unknown> | null
    const data = Object.fromEntries(
      Object.entries(examples ?? {}).map(([key, value]) => [key, String(value)]),
    )
    const store = new ConfigStore()
    const before = store.snapshot()
    expect(store.update({...configMap, metadata: {name}, data})).toBeUndefined()
    expect(store.snapshot()).toEqual(before)
  })
})
