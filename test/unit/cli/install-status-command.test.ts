import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest'
import {embeddedManifests} from '../../../src/install/manifests.ts'
import {defaultWishes} from '../../../src/install/settings.ts'
import type {Connection} from '../../../src/operations/connection.ts'
import {install} from '../../../src/operations/install/install.ts'
import {InstallCluster} from '../../support/install-cluster.ts'
import {runCommand} from '../../support/run-command.ts'

const connections = vi.hoisted(() => ({current: undefined as Connection | undefined}))
vi.mock('../../../src/operations/connect.ts', () => ({connect: async () => connections.current}))

let cluster: InstallCluster
beforeEach(async () => {
  cluster = await new InstallCluster().start()
  connections.current = cluster.connection
})
afterEach(() => cluster.stop())

describe('kntool install status', () => {
  test('says that there is nothing, and what to type', async () => {
    const {stdout, exitCode} = await runCommand(['install', 'status'])
    expect(stdout).toContain('State:    not installed\n')
    expect(stdout).toContain('Next:     kntool install --domain DOMAIN\n')
    expect(stdout).toContain('✗ Kinds of Knative Serving: There is not yet the CRD ')
    expect(exitCode).toBe(0)
  })

  test('shows versions, domain, load balancer and every step', async () => {
    await cluster.pass(
      install(cluster.connection, {
        wishes: {
          ...defaultWishes('knative.example.com'),
          domains: [
            {name: 'apps.example.com', selector: {app: 'web', tier: 'front'}},
            {name: 'knative.example.com', selector: {}},
          ],
          dns: 'none',
        },
        signal: new AbortController().signal,
        surroundings: {...cluster.aws, manifests: embeddedManifests()},
      }),
    )
    const {stdout} = await runCommand(['install', 'status'])
    expect(stdout.replace(/^Finished: .*\n/m, '')).toBe(
      [
        'Cluster:        context "test"',
        'State:          installed',
        'Knative:        1.13.1',
        'Istio:          1.20.3',
        'Domains:        knative.example.com, apps.example.com:app=web,tier=front',
        'Load balancer:  nlb, internet-facing, istio-ingressgateway-0123456789abcdef.elb.eu-central-1.amazonaws.com',
        'DNS:            none, *.apps.example.com, *.knative.example.com',
        '',
        '✓ Kinds of Knative Serving',
        '✓ Knative Serving',
        '✓ Kinds of Istio',
        '✓ Service of the gateway',
        '✓ Istio',
        '✓ net-istio',
        '✓ Domain',
        '✓ Load balancer',
        '- Wildcard DNS record: the record is left to others (--dns none)',
        '',
      ].join('\n'),
    )
    const {stdout: json} = await runCommand(['install', 'status', '-o', 'json'])
    expect(JSON.parse(json)).toMatchObject({state: 'installed', knativeVersion: '1.13.1'})
  })
})

describe('kntool install iam', () => {
  const iam = (...args: string[]) => runCommand(['install', 'iam', ...args])

  test('prints a policy that AWS takes as it is', async () => {
    const {stdout, exitCode} = await iam()
    expect(JSON.parse(stdout)).toMatchObject({Version: '2012-10-17'})
    expect(exitCode).toBe(0)
  })

  test.each([
    [
      ['--mode', 'route53'],
      '--mode route53 needs the domains whose records may be changed: --domain DOMAIN',
    ],
    [
      ['--domain', '*.example.com'],
      'invalid --domain: "*.example.com": drop the "*.": example.com',
    ],
    [
      ['--hosted-zone', 'example.com'],
      'invalid --hosted-zone: "example.com" is not the id of a zone, like Z0123456789ABC',
    ],
  ])('refuses %j', async (args, message) => {
    const {stdout, stderr, exitCode} = await iam(...args)
    expect({stdout, stderr, exitCode}).toEqual({
      stdout: '',
      stderr: `Error: ${message}\n  kntool install iam --help\n`,
      exitCode: 2,
    })
  })
})
