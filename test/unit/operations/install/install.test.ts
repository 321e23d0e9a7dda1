import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {CONFIG_MAPS} from '../../../../src/api/core/v1.ts'
import {SERVICES} from '../../../../src/api/serving/v1.ts'
import {defaultWishes} from '../../../../src/install/settings.ts'
import {
  install,
  type InstallRequest,
  planInstall,
} from '../../../../src/operations/install/install.ts'
import {type InstallWorld, startInstallWorld} from '../../../support/install-world.ts'

const CONFIG_DOMAIN = {namespace: 'knative-serving', name: 'config-domain'}
const REQUEST: InstallRequest = {
  wishes: defaultWishes('knative.example.com'),
  signal: new AbortController().signal,
}

let world: InstallWorld

beforeEach(async () => {
  world = await startInstallWorld()
})
afterEach(() => world.stop())

describe('install on the embedded cluster', () => {
  test('sets the domain, proves a URL and leaves no trace of the proof', async () => {
    const outcome = await world.pass(install(world.connection, REQUEST))
    expect(outcome.provenUrl).toBe('http://kntool-smoke-test.default.knative.example.com')
    expect(outcome.steps.map(({id, state}) => `${id} ${state}`)).toEqual([
      'release-files done',
      'preflight done',
      'serving-crds done',
      'serving-core done',
      'istio-crds done',
      'gateway done',
      'istio done',
      'net-istio done',
      'domain done',
      'config done',
      'load-balancer skipped',
      'dns skipped',
      'smoke-test done',
    ])
    const {data} = await world.client.get(CONFIG_MAPS, CONFIG_DOMAIN)
    expect(data).toEqual({'knative.example.com': ''})
    expect((await world.client.list(SERVICES)).items).toEqual([])
  })

  test('says why it skips what needs AWS', async () => {
    const reasons: string[] = []
    await world.pass(
      install(world.connection, REQUEST, {
        onEvent: (event) => void (event.type === 'skipped' && reasons.push(event.reason)),
      }),
    )
    expect(reasons).toEqual([
      'no AWS here: the gateway of the embedded cluster listens on this machine',
      'no Route 53 here: kntool curl finds the gateway without DNS',
    ])
  })

  test('a second run changes nothing, as its plan says', async () => {
    await world.pass(install(world.connection, REQUEST))
    const plan = await world.pass(planInstall(world.connection, REQUEST))
    const changes = plan.steps
      .filter(({id}) => id !== 'smoke-test')
      .flatMap((step) => step.changes.filter(({action}) => action !== 'none'))
    expect(changes).toEqual([])
  })

  test('a plan shows the change of the domain and makes none', async () => {
    const plan = await world.pass(planInstall(world.connection, REQUEST))
    expect(plan.steps.find(({id}) => id === 'domain')?.changes).toEqual([
      {
        action: 'change',
        object: 'configmap/config-domain',
        detail: '-localhost +knative.example.com',
      },
    ])
    const {data} = await world.client.get(CONFIG_MAPS, CONFIG_DOMAIN)
    expect(data).toEqual({localhost: ''})
  })
})
