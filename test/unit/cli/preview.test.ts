/** `--dry-run` and `--diff` on a whole embedded cluster: what they say, and that nothing is written. */
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {SERVICES} from '../../../src/api/serving/v1.ts'
import {type CommandCluster, startCommandCluster} from '../../support/command-cluster.ts'

const WEB = {namespace: 'default', name: 'web'}

const MUTATING = [
  'apply',
  'domain/create',
  'domain/delete',
  'domain/update',
  'revision/create',
  'revision/delete',
  'secret/create',
  'secret/delete',
  'service/apply',
  'service/create',
  'service/delete',
  'service/import',
  'service/update',
  'traffic/promote',
  'traffic/rollback',
  'traffic/split',
  'traffic/tag',
  'traffic/untag',
]

test.each(MUTATING)('%s has a preview', async (path) => {
  const file = new URL(`../../../commands/${path}.ts`, import.meta.url)
  const {default: command} = await import(file.href)
  expect(Object.keys(command.flags)).toEqual(expect.arrayContaining(['dry-run', 'diff']))
})

describe('a preview', () => {
  let world: CommandCluster

  beforeAll(async () => {
    world = await startCommandCluster({
      handlers: {'example.com/*': () => new Response('ok')},
    })
    await world.run(['service', 'create', 'web', '--image', 'example.com/web:1'])
  })

  afterAll(() => world.stop())

  const version = async (): Promise<string | undefined> =>
    (await world.cluster.client.find(SERVICES, WEB))?.metadata.resourceVersion

  test.each(['server', 'client'])('creates nothing (%s)', async (mode) => {
    const argv = ['service', 'create', 'new', '--image', 'example.com/web:1', '--dry-run', mode]
    expect(await world.ok(...argv)).toBe(
      `Service 'new' in namespace 'default' would be created (${mode} dry run).\n` +
        '  New revision: new-00001\n' +
        '  Traffic:      new-00001 0% → 100% (once new-00001 is ready)\n',
    )
    const key = {namespace: 'default', name: 'new'}
    expect(await world.cluster.client.find(SERVICES, key)).toBeUndefined()
  })

  test('shows the difference of an update, and nothing of what the server keeps', async () => {
    const before = await version()
    const run = await world.run(['service', 'update', 'web', '--env', 'A=b', '--diff'])
    expect(run.stdout).toMatch(/would be updated \(server dry run\)/)
    expect(run.stdout).toContain('New revision: web-00002')
    expect(run.stdout).toContain('web-00002 0% → 100%, web-00001 100% → 0%')
    expect(run.stdout).toMatch(/^\+ +- name: A\n\+ +value: b$/m)
    expect(run.stdout).not.toMatch(/resourceVersion|managedFields/)
    expect(run.stdout).not.toContain('\u{1b}')
    expect(await version()).toBe(before)
  })

  test('is what the server then stores', async () => {
    const argv = ['service', 'update', 'web', '--label', 'team=shop', '--env', 'C=d', '--no-wait']
    const planned = await world.run([...argv, '-o', 'json', '--dry-run', 'server'])
    expect(planned.stderr).toMatch(/would be updated/)
    await world.run(argv)
    await world.cluster.settled()
    const stored = await world.cluster.client.get(SERVICES, WEB)
    const spec = JSON.parse(planned.stdout).spec
    const stamp = {'client.knative.dev/updateTimestamp': expect.any(String)}
    spec.template.metadata.annotations = {...spec.template.metadata.annotations, ...stamp}
    expect(stored.spec).toEqual(spec)
  })

  test('says that traffic moves without a new revision', async () => {
    const {stdout} = await world.run([
      'service',
      'update',
      'web',
      '--traffic',
      'web-00001=100',
      '--dry-run=client',
    ])
    expect(stdout).toContain('New revision: none')
    expect(stdout).toMatch(/web-00001 0% → 100%/)
  })

  test('deletes nothing, even if it is to wait until it is gone', async () => {
    const {stdout} = await world.run(['service', 'delete', 'web', '--wait', '--dry-run', 'server'])
    expect(stdout).toBe("Service 'web' in namespace 'default' would be deleted (server dry run).\n")
    const {metadata} = await world.cluster.client.get(SERVICES, WEB)
    expect(metadata.deletionTimestamp).toBeUndefined()
  })

  test('does not show what is in a secret', async () => {
    const create = (value: string, ...more: string[]): Promise<string> =>
      world.ok('secret', 'create', 'db', '--from-literal', `password=${value}`, ...more)
    const stdout = await create('hunter2', '--diff')
    expect(stdout).toContain("Secret 'db' in namespace 'default' would be created")
    expect(stdout).toMatch(/^\+ +password: '\*\*\*'$/m)
    expect(stdout).not.toContain(btoa('hunter2'))
  })

  test('imports no revision of a service that is not there', async () => {
    const exported = {
      kind: 'Export',
      spec: {
        service: {
          apiVersion: 'serving.knative.dev/v1',
          kind: 'Service',
          metadata: {name: 'old'},
          spec: {
            template: {metadata: {name: 'old-b'}, spec: {containers: [{image: 'example.com/b2'}]}},
          },
        },
        revisions: [
          {
            apiVersion: 'serving.knative.dev/v1',
            kind: 'Revision',
            metadata: {name: 'old-a'},
            spec: {containers: [{image: 'example.com/b1'}]},
          },
        ],
      },
    }
    const stdin = JSON.stringify(exported)
    const run = await world.run(['service', 'import', '-', '--dry-run', 'server'], {stdin})
    expect(run.exitCode).toBe(0)
    expect(run.stdout).toMatch(
      /^Service 'old' .* would be created[\s\S]*^Revision 'old-a' .* would/m,
    )
  })

  test('moves no domain', async () => {
    const argv = ['domain', 'create', 'www.example.org', '--ref', 'web', '--dry-run', 'client']
    expect(await world.ok(...argv)).toMatch(/^DomainMapping 'www.example.org' .* would be created/)
    expect(await world.ok('domain', 'list')).toContain('No domain mapping found')
  })

  test('fails as the write would', async () => {
    const refused = ['service', 'update', 'web', '--timeout', '99999', '--dry-run', 'server']
    expect(await world.run(refused)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('timeoutSeconds'),
    })
    const absent = ['service', 'delete', 'nosuch', '--dry-run', 'client']
    expect((await world.run(absent)).exitCode).toBe(3)
  })

  test('knows its modes', async () => {
    const run = await world.run(['service', 'delete', 'web', '--dry-run', 'maybe'])
    expect(run).toMatchObject({exitCode: 2, stderr: expect.stringContaining('--dry-run')})
  })
})
