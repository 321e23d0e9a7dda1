import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {DEPLOYMENTS} from '../../../../src/api/apps/v1.ts'
import type {ApiRequest} from '../../../../src/api/transport.ts'
import type {Finding} from '../../../../src/doctor/run-checks.ts'
import {KntoolError} from '../../../../src/errors/kntool-error.ts'
import {embeddedManifests} from '../../../../src/install/manifests.ts'
import {defaultWishes, type InstallWishes} from '../../../../src/install/settings.ts'
import {type DoctorReport, examine} from '../../../../src/operations/doctor/examine.ts'
import {install} from '../../../../src/operations/install/install.ts'
import {installStatus} from '../../../../src/operations/install/status.ts'
import {externalDnsDeployment} from '../../../support/external-dns.ts'
import {InstallCluster} from '../../../support/install-cluster.ts'
import {type InstallWorld, startInstallWorld} from '../../../support/install-world.ts'

let cluster: InstallCluster
beforeEach(async () => {
  cluster = await new InstallCluster().start()
})
afterEach(() => cluster.stop())

async function isInstalled(wishes: Partial<InstallWishes> = {}): Promise<void> {
  await cluster.pass(
    install(cluster.connection, {
      wishes: {...defaultWishes('knative.example.com'), ...wishes},
      signal: new AbortController().signal,
      surroundings: {...cluster.aws, manifests: embeddedManifests()},
    }),
  )
}

function examined(only?: readonly string[]): Promise<DoctorReport> {
  return cluster.pass(examine(cluster.connection, {only, surroundings: cluster.aws}))
}

function found({findings}: DoctorReport, id: string): Finding | undefined {
  return findings.find((finding) => finding.id === id)
}

function results({findings}: DoctorReport): Record<string, string> {
  return Object.fromEntries(findings.map(({id, result}) => [id, result]))
}

describe('the doctor on a cluster on AWS', () => {
  test('finds nothing after an installation that proved itself', async () => {
    await isInstalled({dns: 'route53'})
    const report = await examined()
    const bad = report.findings.filter(({result}) => !['ok', 'skipped'].includes(result))
    expect(bad).toEqual([])
    expect(report).toMatchObject({cluster: 'context "test"', result: 'ok'})
    expect(results(report)).toMatchObject({
      components: 'ok',
      webhooks: 'ok',
      domain: 'ok',
      'load-balancer-state': 'ok',
      targets: 'ok',
      record: 'ok',
      'gateway-answers': 'ok',
      resolution: 'ok',
    })
  })

  test('writes nothing', async () => {
    await isInstalled()
    cluster.requests.length = 0
    await examined()
    // A dry run is no write either.
    expect(cluster.writes.filter((line) => !line.endsWith('/services'))).toEqual([])
  })

  test('before an installation, what comes after it is left out with the reason', async () => {
    const report = await examined()
    expect(found(report, 'components')).toMatchObject({
      result: 'skipped',
      message: 'Knative is not installed',
    })
    expect(found(report, 'permissions')).toMatchObject({result: 'ok'})
    expect(report.result).toBe('ok')
  })

  test('names the targets that do not answer', async () => {
    await isInstalled()
    cluster.aws.targets = [{id: 'i-0', state: 'unhealthy', reason: 'Target.Timeout'}]
    const report = await examined(['targets'])
    expect(report.result).toBe('error')
    expect(found(report, 'targets')?.message).toBe(
      'Still waiting for a healthy target behind port 80 (0 of 1): 1 × Target.Timeout.',
    )
  })

  test('names the record that points elsewhere', async () => {
    await isInstalled({dns: 'route53'})
    cluster.aws.records.length = 0
    cluster.aws.records.push({name: '*.knative.example.com', type: 'A', values: ['192.0.2.9']})
    expect(found(await examined(), 'record')).toMatchObject({
      result: 'error',
      message:
        '*.knative.example.com is A 192.0.2.9; the gateway is at istio-ingressgateway-0123456789abcdef.elb.eu-central-1.amazonaws.com.',
    })
  })

  test('a question AWS does not allow is a verdict of its own', async () => {
    await isInstalled({dns: 'route53'})
    cluster.aws.failure = new KntoolError(
      'KN_FORBIDDEN',
      'The AWS credentials do not allow elasticloadbalancing:DescribeLoadBalancers.',
    )
    const report = await examined()
    expect(found(report, 'load-balancer-state')).toMatchObject({
      result: 'forbidden',
      message: 'The AWS credentials do not allow elasticloadbalancing:DescribeLoadBalancers.',
    })
    expect(report.result).toBe('warning')
  })

  test('a question the cluster does not allow, too', async () => {
    await isInstalled()
    cluster.fault = ({path}: ApiRequest) =>
      path.endsWith('/webhookconfigurations') || path.includes('mutatingwebhook')
        ? {
            status: 403,
            headers: {},
            warnings: [],
            body: {
              kind: 'json',
              value: {
                kind: 'Status',
                reason: 'Forbidden',
                message: 'mutatingwebhookconfigurations is forbidden',
              },
            },
          }
        : undefined
    const report = await examined()
    expect(found(report, 'webhooks')).toMatchObject({
      result: 'forbidden',
      message: 'mutatingwebhookconfigurations is forbidden',
    })
    expect(found(report, 'components')?.result).toBe('ok')
  })

  test('an answer that does not come ends one check, and within ten seconds', async () => {
    await isInstalled()
    cluster.fault = ({path}: ApiRequest) =>
      path === '/api/v1/pods' ? new Promise(() => undefined) : undefined
    const before = cluster.clock.now()
    const report = await examined()
    expect(cluster.clock.now() - before).toBeLessThanOrEqual(10_000)
    expect(found(report, 'pods')).toMatchObject({result: 'unknown'})
    expect(found(report, 'components')?.result).toBe('ok')
  })

  test('a cluster that does not answer at all is an error of its own', async () => {
    cluster.fault = () => new Promise(() => undefined)
    await expect(examined()).rejects.toMatchObject({code: 'KN_UNREACHABLE'})
  })

  test('a cluster that was set up by hand is judged by what it shows', async () => {
    await isInstalled()
    await cluster.client.delete(
      {group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true},
      {namespace: 'knative-serving', name: 'kntool-install'},
    )
    await cluster.client.create(DEPLOYMENTS, externalDnsDeployment())
    const report = await examined()
    expect(results(report)).toMatchObject({'load-balancer-state': 'ok', domain: 'ok'})
  })

  test('only the checks that are asked for are made', async () => {
    const report = await examined(['permissions', 'services'])
    expect(report.findings.map(({id}) => id)).toEqual([
      'permissions',
      'admission',
      'services-ready',
    ])
    await expect(examined(['nosuch'])).rejects.toMatchObject({
      code: 'KN_USAGE',
      message: 'There is no check "nosuch".',
    })
  })
})

describe('the status of an installation', () => {
  const status = () => cluster.pass(installStatus(cluster.connection, {surroundings: cluster.aws}))

  test('before one', async () => {
    expect(await status()).toMatchObject({
      state: 'absent',
      domains: [],
      steps: expect.arrayContaining([expect.objectContaining({id: 'serving-crds', state: 'open'})]),
    })
  })

  test('after one', async () => {
    await isInstalled({dns: 'route53'})
    const {steps, ...rest} = await status()
    expect(rest).toMatchObject({
      cluster: 'context "test"',
      state: 'installed',
      knativeVersion: '1.13.1',
      istioVersion: '1.20.3',
      domains: ['knative.example.com'],
      loadBalancer: {
        kind: 'nlb',
        scheme: 'internet-facing',
        address: 'istio-ingressgateway-0123456789abcdef.elb.eu-central-1.amazonaws.com',
      },
      dns: {mode: 'route53', names: ['*.knative.example.com']},
    })
    expect(steps.filter(({state}) => state !== 'done')).toEqual([])
  })

  test('of one that was interrupted names the step that is open', async () => {
    cluster.absent = {pods: true, webhook: true, loadBalancerController: true, knative: true}
    await isInstalled({wait: false})
    const {steps} = await status()
    expect(steps.find(({id}) => id === 'load-balancer')).toMatchObject({
      state: 'open',
      message: 'istio-ingressgateway has no address yet, and nobody says why.',
    })
    expect(steps.find(({id}) => id === 'serving-core')?.state).toBe('open')
  })
})

describe('the doctor on the embedded cluster', () => {
  let world: InstallWorld
  beforeEach(async () => {
    world = await startInstallWorld()
  })
  afterEach(() => world.stop())

  test('leaves out what it does not have, and finds nothing wrong', async () => {
    const report = await world.pass(examine(world.connection, {}))
    expect(report.findings.filter(({result}) => !['ok', 'skipped'].includes(result))).toEqual([])
    expect(found(report, 'targets')?.message).toBe('no AWS: this is the embedded cluster')
    expect(found(report, 'admission')?.result).toBe('ok')
  })
})
