import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {CONFIG_MAPS} from '../../../src/api/core/v1.ts'
import {CUSTOM_RESOURCE_DEFINITIONS} from '../../../src/api/extensions/v1.ts'
import type {EmbeddedCluster} from '../../../src/local/cluster.ts'
import {startCluster} from '../../../src/local/start-cluster.ts'

const SERVICES = {name: 'services.serving.knative.dev'}
const DEFAULTS = {namespace: 'knative-serving', name: 'config-defaults'}
const NO_SCHEMA = {type: 'object', 'x-kubernetes-preserve-unknown-fields': true} as const

describe('what a cluster begins with', () => {
  let dataDir: string
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'kntool-bootstrap-'))
  })
  afterEach(() => rm(dataDir, {recursive: true}))

  /** Starts a cluster on the folder, lets `work` be done, and stops it. */
  async function run<T>(work: (cluster: EmbeddedCluster) => Promise<T>): Promise<T> {
    const cluster = await startCluster({dataDir})
    try {
      return await work(cluster)
    } finally {
      await cluster.stop()
    }
  }

  /** Puts a definition there as an earlier version of this program would have. */
  async function applyOldDefinition({client}: EmbeddedCluster, manager: string): Promise<void> {
    const {apiVersion, kind, spec} = await client.get(CUSTOM_RESOURCE_DEFINITIONS, SERVICES)
    await client.delete(CUSTOM_RESOURCE_DEFINITIONS, SERVICES)
    const versions = spec.versions.map((version) => ({
      ...version,
      schema: {openAPIV3Schema: NO_SCHEMA},
    }))
    const object = {apiVersion, kind, metadata: SERVICES, spec: {...spec, versions}}
    await client.apply(CUSTOM_RESOURCE_DEFINITIONS, object, {fieldManager: manager})
  }

  const schemaIn = (cluster: EmbeddedCluster): Promise<unknown> =>
    cluster.client
      .get(CUSTOM_RESOURCE_DEFINITIONS, SERVICES)
      .then(({spec}) => spec.versions[0]?.schema?.openAPIV3Schema)

  test('is brought up to date where an earlier version wrote it', async () => {
    await run((cluster) => applyOldDefinition(cluster, 'kubectl'))
    expect(await run(schemaIn)).toHaveProperty('properties.spec')
  })

  test('stays as somebody else wrote it', async () => {
    await run((cluster) => applyOldDefinition(cluster, 'somebody'))
    expect(await run(schemaIn)).toEqual(NO_SCHEMA)
  })

  test('keeps what a user set', async () => {
    const data = {'revision-timeout-seconds': '77'}
    await run(({client}) => client.patch(CONFIG_MAPS, DEFAULTS, {type: 'merge', body: {data}}))
    const kept = await run(({client}) => client.get(CONFIG_MAPS, DEFAULTS))
    expect(kept.data).toMatchObject(data)
  })
})
