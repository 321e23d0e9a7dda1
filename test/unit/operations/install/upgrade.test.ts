import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {DEPLOYMENTS} from '../../../../src/api/apps/v1.ts'
import {NAMESPACES} from '../../../../src/api/core/v1.ts'
import {CUSTOM_RESOURCE_DEFINITIONS} from '../../../../src/api/extensions/v1.ts'
import {resourceType} from '../../../../src/api/meta/resource-type.ts'
import {KntoolError} from '../../../../src/errors/kntool-error.ts'
import {folderSource} from '../../../../src/install/release/folder-source.ts'
import {defaultWishes} from '../../../../src/install/settings.ts'
import {readState, writeState} from '../../../../src/install/state.ts'
import {install} from '../../../../src/operations/install/install.ts'
import {
  planUpgrade,
  upgrade,
  type UpgradeOutcome,
} from '../../../../src/operations/install/upgrade.ts'
import {sleep} from '../../../../src/util/clock.ts'
import {allObjects} from '../../../support/all-objects.ts'
import {denying} from '../../../support/denied-rights.ts'
import {InstallCluster} from '../../../support/install-cluster.ts'
import {startInstallWorld} from '../../../support/install-world.ts'
import {writeRelease} from '../../../support/release-folder.ts'

const JOBS = resourceType('batch/v1', 'Job', 'jobs')
const signal = new AbortController().signal

let cluster: InstallCluster
let folder: string
beforeEach(async () => {
  cluster = await new InstallCluster().start()
  folder = await mkdtemp(join(tmpdir(), 'kntool-releases-'))
})
afterEach(async () => {
  await cluster.stop()
  await rm(folder, {recursive: true})
})

function release(version: string, istio: string, withJobs = true): Promise<string> {
  return writeRelease(join(folder, `knative-v${version}`), {version, istio, withJobs})
}

async function isInstalled(version = '1.13.1', istio = '1.20.3'): Promise<void> {
  const manifests = folderSource(await release(version, istio))
  await cluster.pass(
    install(cluster.connection, {
      wishes: defaultWishes('knative.example.com'),
      signal,
      surroundings: {...cluster.aws, manifests},
    }),
  )
  cluster.requests.length = 0
}

function run(to: string, from = folder): Promise<UpgradeOutcome> {
  return cluster.pass(
    upgrade(cluster.connection, {to, manifests: from, signal, surroundings: {...cluster.aws}}),
  )
}

async function versionsInCluster(): Promise<(string | undefined)[]> {
  const {items} = await cluster.client.list(DEPLOYMENTS, {namespace: 'knative-serving'})
  return [...new Set(items.map(({metadata}) => metadata.labels?.['app.kubernetes.io/version']))]
}

describe('upgrade', () => {
  test('goes minor by minor, migrates after each, and remembers where it is', async () => {
    await isInstalled()
    await release('1.14.0', '1.21.1')
    await release('1.15.0', '1.22.2')
    const outcome = await run('1.15.0')
    expect(outcome).toMatchObject({from: '1.13.1', hops: ['1.14.0', '1.15.0']})
    const ids = outcome.steps.map(({id}) => id)
    expect(ids.slice(0, 3)).toEqual([
      '1.14.0/release-files',
      '1.15.0/release-files',
      '1.14.0/preflight',
    ])
    expect(ids.filter((id) => id.startsWith('1.14.0/')).slice(2)).toEqual([
      '1.14.0/begin',
      '1.14.0/serving-crds',
      '1.14.0/serving-core',
      '1.14.0/net-istio',
      '1.14.0/istio-crds',
      '1.14.0/gateway',
      '1.14.0/istio',
      '1.14.0/migrate-storage',
      '1.14.0/end',
    ])
    expect(ids.indexOf('1.14.0/end')).toBeLessThan(ids.indexOf('1.15.0/begin'))
    expect(await versionsInCluster()).toEqual(['1.15.0'])
    expect(await readState(cluster.client)).toMatchObject({
      phase: 'installed',
      knativeVersion: '1.15.0',
      istioVersion: '1.22.2',
    })
    const jobs = await cluster.client.list(JOBS, {namespace: 'knative-serving'})
    expect(jobs.items).toHaveLength(2)
  })

  test('the load balancer stays as it is', async () => {
    await isInstalled()
    await release('1.14.0', '1.21.1')
    const before = [...cluster.aws.balancers.keys()]
    await run('1.14.0')
    expect([...cluster.aws.balancers.keys()]).toEqual(before)
  })

  test('goes on with the hop that was under way', async () => {
    await isInstalled()
    await release('1.14.0', '1.21.1')
    cluster.absent = {pods: true}
    await expect(run('1.14.0')).rejects.toMatchObject({code: 'KN_TIMEOUT'})
    expect(await readState(cluster.client)).toMatchObject({
      phase: 'upgrading',
      knativeVersion: '1.13.1',
      upgradingTo: '1.14.0',
    })
    cluster.absent = {}
    expect(await run('1.14.0')).toMatchObject({from: '1.13.1', hops: ['1.14.0']})
    const state = await readState(cluster.client)
    expect(state).toMatchObject({phase: 'installed', knativeVersion: '1.14.0'})
    expect(state?.upgradingTo).toBeUndefined()
    const jobs = await cluster.client.list(JOBS, {namespace: 'knative-serving'})
    expect(jobs.items).toHaveLength(1)
  })

  test('killed at any time, a rerun ends as if nothing had been', async () => {
    const plain = async (): Promise<string[]> => {
      await cluster.pass(sleep(cluster.clock, 3000))
      // Jobs get their names from the server.
      const all = Object.entries(await allObjects(cluster.client))
      return all.filter(([name]) => !name.startsWith('Job ')).map(([name, text]) => name + text)
    }
    await isInstalled()
    await release('1.14.0', '1.21.1')
    let writes = 0
    cluster.fault = ({method}) => void (method !== 'GET' && (writes += 1))
    await run('1.14.0')
    const undisturbed = await plain()
    for (const share of [0.1, 0.5, 0.9]) {
      await cluster.stop()
      cluster = await new InstallCluster().start()
      await isInstalled()
      let left = Math.ceil(writes * share)
      cluster.fault = ({method}) => {
        if (left < 0 || (method !== 'GET' && (left -= 1) < 0)) throw new Error('killed')
        return undefined
      }
      await expect(run('1.14.0')).rejects.toThrow('killed')
      cluster.fault = () => undefined
      await run('1.14.0')
      expect(await plain()).toEqual(undisturbed)
    }
  })

  test('a failed migration ends it, with the job to look at', async () => {
    await isInstalled()
    await release('1.14.0', '1.21.1')
    cluster.jobs = 'fail'
    await expect(run('1.14.0')).rejects.toMatchObject({
      code: 'KN_NOT_READY',
      message: expect.stringMatching(
        /^The Job knative-serving\/storage-version-migration-serving-\w+ failed: Job has reached the specified backoff limit\.$/,
      ),
    })
  })

  test('without the job of a release it says what to do before the next one', async () => {
    await isInstalled()
    const path = await release('1.14.0', '1.21.1', false)
    const {warnings, steps} = await run('1.14.0', path)
    expect(warnings).toEqual([
      `What is stored was not migrated: ${path} has no serving-post-install-jobs.yaml. Create its ` +
        'jobs before the next minor version: kubectl create -f serving-post-install-jobs.yaml',
    ])
    expect(steps.find(({id}) => id === '1.14.0/migrate-storage')?.state).toBe('skipped')
  })

  test('a right that is lacking is noticed before the first write', async () => {
    await isInstalled()
    await release('1.14.0', '1.21.1')
    cluster.fault = denying(
      ({resource, verb}) => resource === 'customresourcedefinitions' && verb === 'patch',
    )
    await expect(run('1.14.0')).rejects.toMatchObject({
      code: 'KN_FORBIDDEN',
      message:
        'An installation needs rights you do not have: patch customresourcedefinitions.apiextensions.k8s.io.',
    })
    expect(cluster.writes).toEqual([])
  })

  test('what is stored in a version that goes is noticed before the first write', async () => {
    await isInstalled()
    await release('1.14.0', '1.21.1')
    const name = 'services.serving.knative.dev'
    const crd = await cluster.client.get(CUSTOM_RESOURCE_DEFINITIONS, {name})
    await cluster.client.updateStatus(CUSTOM_RESOURCE_DEFINITIONS, {
      ...crd,
      status: {...crd.status, storedVersions: ['v1alpha1', 'v1']},
    })
    await expect(run('1.14.0')).rejects.toMatchObject({
      code: 'KN_CONFLICT',
      message: `Objects are stored in a version that the release no longer has: ${name}: v1alpha1.`,
    })
    expect(cluster.writes).toEqual([])
  })

  test('without any rights at AWS it goes on: nothing of AWS is touched', async () => {
    await isInstalled()
    await release('1.14.0', '1.21.1')
    cluster.aws.failure = new KntoolError('KN_FORBIDDEN', 'no credentials')
    expect(await run('1.14.0')).toMatchObject({hops: ['1.14.0'], warnings: []})
  })

  test('a release that lacks is noticed before the first write', async () => {
    await isInstalled()
    await release('1.14.0', '1.21.1')
    await expect(run('1.15.0')).rejects.toMatchObject({
      code: 'KN_CONFIG_INVALID',
      message: expect.stringMatching(
        /^Cannot read the manifest \S+\/knative-v1\.15\.0\/[\w-]+\.yaml\.$/,
      ),
    })
    expect(cluster.writes).toEqual([])
  })

  test.each([
    [
      '1.12.0',
      'Knative 1.13.1 cannot be upgraded to 1.12.0: 1.12.0 is older than the installed 1.13.1.',
    ],
    [
      '1.99.0',
      'Knative 1.13.1 cannot be upgraded to 1.99.0: nothing is known here about Knative 1.99.',
    ],
    [
      '1.17.0',
      'Knative 1.13.1 cannot be upgraded to 1.17.0: Kubernetes 1.29 is older than 1.30, which Knative 1.17 needs.',
    ],
  ])('to %s is refused, and nothing is written', async (to, message) => {
    await isInstalled()
    await expect(run(to)).rejects.toMatchObject({code: 'KN_CONFLICT', exitCode: 7, message})
    expect(cluster.writes).toEqual([])
  })

  test('what is nowhere installed is not upgraded', async () => {
    await expect(run('1.14.0')).rejects.toMatchObject({
      code: 'KN_NOT_FOUND',
      message: 'Knative is not installed on context "test".',
    })
  })

  test('an installation that did not end is not upgraded', async () => {
    await isInstalled()
    const state = await readState(cluster.client)
    if (state === undefined) throw new Error('nothing was noted')
    await writeState(cluster.client, {...state, phase: 'installing'})
    await expect(run('1.14.0')).rejects.toMatchObject({
      code: 'KN_CONFLICT',
      message: 'Knative is half installed on context "test": the last install did not end.',
    })
  })

  test('to the version that is there, nothing is done', async () => {
    await isInstalled()
    expect(await run('1.13.1')).toMatchObject({hops: [], steps: []})
  })

  test('of another installer, Istio stays and that is said', async () => {
    await isInstalled()
    await cluster.client.delete(resourceType('v1', 'ConfigMap', 'configmaps'), {
      namespace: 'knative-serving',
      name: 'kntool-install',
    })
    await release('1.14.0', '1.21.1')
    const {warnings, steps} = await run('1.14.0')
    expect(warnings).toEqual([
      'Istio is not of kntool: upgrade it with what installed it, one minor version at a time',
    ])
    expect(steps.some(({id}) => id.includes('istio-crds'))).toBe(false)
    const [deployment] = (await cluster.client.list(DEPLOYMENTS, {namespace: 'istio-system'})).items
    expect(JSON.stringify(deployment)).toContain('1.20.3')
  })

  test('a plan shows every hop and writes nothing', async () => {
    await isInstalled()
    await release('1.14.0', '1.21.1')
    const plan = await cluster.pass(
      planUpgrade(cluster.connection, {
        to: '1.14.0',
        manifests: folder,
        signal,
        surroundings: {...cluster.aws},
      }),
    )
    const core = plan.steps.find(({id}) => id === '1.14.0/serving-core')
    expect(core?.changes).toContainEqual(
      expect.objectContaining({
        action: 'change',
        object: 'deployment.apps/controller',
        diff: expect.arrayContaining([
          '- metadata.labels."app.kubernetes.io/version": "1.13.1"',
          '+ metadata.labels."app.kubernetes.io/version": "1.14.0"',
        ]),
      }),
    )
    expect(cluster.writes.filter((line) => !line.startsWith('PATCH'))).toEqual([])
    expect(await versionsInCluster()).toEqual(['1.13.1'])
    expect(await cluster.client.find(NAMESPACES, {name: 'knative-serving'})).toBeDefined()
  })
})

test('the Knative of an embedded cluster is upgraded with kntool', async () => {
  const world = await startInstallWorld()
  await expect(world.pass(upgrade(world.connection, {to: '1.14.0', signal}))).rejects.toMatchObject(
    {
      code: 'KN_CONFLICT',
      message:
        'The Knative of the embedded cluster is a part of kntool: it is upgraded with kntool itself.',
    },
  )
  await world.stop()
})
