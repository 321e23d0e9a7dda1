import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest'
import {CONFIG_MAPS, NAMESPACES} from '../../../src/api/core/v1.ts'
import type {ApiRequest} from '../../../src/api/transport.ts'
import type {Connection} from '../../../src/operations/connection.ts'
import {InstallCluster} from '../../support/install-cluster.ts'
import {type CommandRun, runCommand} from '../../support/run-command.ts'

const connections = vi.hoisted(() => ({current: undefined as Connection | undefined}))
vi.mock('../../../src/operations/connect.ts', () => ({connect: async () => connections.current}))

let cluster: InstallCluster
beforeEach(async () => {
  cluster = await new InstallCluster().start()
  cluster.version = 'v1.29.0'
  connections.current = cluster.connection
  await cluster.client.create(NAMESPACES, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {name: 'knative-serving'},
  })
})
afterEach(() => cluster.stop())

/** Gives Services these domains: two without a selector contradict each other. */
async function setDomains(...domains: string[]): Promise<void> {
  await cluster.client.create(CONFIG_MAPS, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {namespace: 'knative-serving', name: 'config-domain'},
    data: Object.fromEntries(domains.map((domain) => [domain, ''])),
  })
}

function doctor(...args: string[]): Promise<CommandRun> {
  return runCommand(['doctor', '--only', 'domain,ingress-class', ...args])
}

describe('kntool doctor', () => {
  test('ends with 0 when nothing is an error', async () => {
    await setDomains('knative.example.com')
    expect(await doctor()).toEqual({
      stdout: [
        'Doctor for context "test":',
        '',
        'knative',
        '  ✓ Services get the domain (domain)',
        '',
        'istio',
        '  ✓ Ingresses are those of net-istio (ingress-class)',
        '',
        '2 fine.',
        '',
      ].join('\n'),
      stderr: '',
      exitCode: 0,
    })
  })

  test('shows with -v what was seen of what is fine', async () => {
    await setDomains('knative.example.com')
    const {stdout} = await doctor('-v')
    expect(stdout).toContain('  ✓ Services get the domain (domain)\n      knative.example.com\n')
  })

  test('ends with 1 when something is, and says what to type', async () => {
    const {stdout, exitCode} = await doctor()
    expect(stdout).toContain(
      [
        '  ✗ Services get the domain (domain)',
        '      Services get URLs under svc.cluster.local: config-domain has no domain for all of them.',
        '      Only the cluster itself reaches those.',
        '      $ kntool install --domain DOMAIN',
        '',
      ].join('\n'),
    )
    expect(exitCode).toBe(1)
  })

  test('counts warnings only where they are asked to count', async () => {
    await setDomains('a.example.com', 'b.example.com')
    expect((await doctor()).exitCode).toBe(0)
    expect((await doctor('--severity', 'warning')).exitCode).toBe(1)
    expect((await doctor('--severity', 'error')).exitCode).toBe(0)
  })

  test('counts what it may not read as a warning', async () => {
    cluster.fault = ({path}: ApiRequest) =>
      path.includes('configmaps')
        ? {
            status: 403,
            headers: {},
            warnings: [],
            body: {kind: 'json', value: {kind: 'Status', reason: 'Forbidden', message: 'no'}},
          }
        : undefined
    const {stdout, exitCode} = await doctor('--severity', 'warning')
    expect(stdout).toContain('2 not allowed to look.\n')
    expect(exitCode).toBe(1)
  })

  test('prints json and yaml that programs read', async () => {
    const {stdout} = await doctor('-o', 'json')
    expect(JSON.parse(stdout)).toMatchObject({
      cluster: 'context "test"',
      result: 'error',
      findings: [
        {
          id: 'domain',
          category: 'knative',
          title: 'Services get the domain',
          result: 'error',
          message: expect.any(String),
          hint: expect.any(String),
          command: 'kntool install --domain DOMAIN',
          elapsedMs: expect.any(Number),
        },
        {id: 'ingress-class', result: 'ok'},
      ],
    })
    expect((await doctor('-o', 'yaml')).stdout).toMatch(/^cluster: context "test"\nresult: error\n/)
  })

  test('prints junit, with a warning as failure', async () => {
    await setDomains('a.example.com', 'b.example.com')
    const {stdout} = await doctor('-o', 'junit')
    expect(stdout).toContain(
      '<testsuite name="kntool doctor for context &quot;test&quot;" tests="2" failures="1" errors="0" skipped="0">',
    )
    expect(stdout).toContain('<testcase classname="istio" name="ingress-class" time="0"/>')
    expect(stdout).toContain('type="warning">')
    expect(stdout).not.toContain('{"data"')
  })

  test('knows its checks', async () => {
    const {stderr, exitCode} = await runCommand(['doctor', '--only', 'nosuch'])
    expect(stderr).toMatch(/^Error: There is no check "nosuch"\.\n {2}Checks: kubernetes-version, /)
    expect(exitCode).toBe(2)
  })
})
