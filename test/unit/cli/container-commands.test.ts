/** Containers described, piped and given to a service; services exported and imported. */
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {CONFIGURATIONS, REVISIONS, SERVICES} from '../../../src/api/serving/v1.ts'
import {type CommandCluster, startCommandCluster} from '../../support/command-cluster.ts'
import {runCommand} from '../../support/run-command.ts'

describe('container add', () => {
  const add = (stdin: string, ...words: string[]) =>
    runCommand(['container', 'add', ...words], {stdin})

  test('prints a container as YAML', async () => {
    const run = await add('', 'sidecar', '--image', 'example.com/sidecar', '--env', 'A=1')
    expect(run).toEqual({
      exitCode: 0,
      stderr: '',
      stdout: [
        'containers:',
        '- env:',
        '  - name: A',
        '    value: "1"',
        '  image: example.com/sidecar',
        '  name: sidecar',
        '  resources: {}',
        '',
      ].join('\n'),
    })
  })

  test('puts what is piped in after it', async () => {
    const first = await add('', 'first', '--image', 'example.com/first')
    const both = await add(first.stdout, 'second', '--image', 'i', '--mount', '/x=cm:conf')
    expect(both.stdout).toBe(
      [
        'containers:',
        '- image: i',
        '  name: second',
        '  resources: {}',
        '  volumeMounts:',
        '  - mountPath: /x',
        '    name: x-629e2b1d',
        '    readOnly: true',
        '- image: example.com/first',
        '  name: first',
        '  resources: {}',
        'volumes:',
        '- configMap:',
        '    name: conf',
        '  name: x-629e2b1d',
        '',
      ].join('\n'),
    )
  })

  test.each([
    [['sidecar'], 'requires the image name to run provided with the --image option'],
    [['--image', 'i'], 'requires the container name given as single argument'],
    [['a', '--image', 'i', '-n', 'dev'], "unknown shorthand flag: 'n' in -n"],
    [['a', '--image', 'i', '--port', 'x'], "the port specification 'x' is not valid"],
  ])('%j fails', async (words, message) => {
    const run = await add('', ...words)
    expect(run).toMatchObject({exitCode: 2, stdout: ''})
    expect(run.stderr).toContain(message)
  })

  test('does not take anything for containers', async () => {
    const run = await add('apiVersion: v1\nkind: Pod\n', 'a', '--image', 'i')
    expect(run).toMatchObject({exitCode: 2, stdout: ''})
    expect(run.stderr).toContain('has no list "containers"')
  })
})

describe('with a cluster', () => {
  let world: CommandCluster
  beforeAll(async () => {
    world = await startCommandCluster({handlers: {'example.com/*': () => new Response('ok')}})
  })
  afterAll(() => world.stop())

  test('piped containers become those of a service', async () => {
    const {stdout: stdin} = await world.run(
      ['container', 'add', 'sidecar', '--image', 'example.com/sidecar'],
      {stdin: ''},
    )
    const create = ['service', 'create', 'two', '--image', 'example.com/web', '--port', '8080']
    const run = await world.run([...create, '--containers', '-', '--no-wait'], {stdin})
    expect(run).toMatchObject({
      exitCode: 0,
      stdout: "Service 'two' created in namespace 'default'.\n",
    })
    const key = {namespace: 'default', name: 'two'}
    const {spec} = await world.cluster.client.get(SERVICES, key)
    expect(spec.template.spec.containers.map(({image}) => image)).toEqual([
      'example.com/web',
      'example.com/sidecar',
    ])
  })

  test('an export is imported with its revisions and its traffic', async () => {
    await world.ok('service', 'create', 'web', '--image', 'example.com/web', '--env', 'V=1')
    await world.ok('service', 'update', 'web', '--env', 'V=2')
    const split = ['--traffic', 'web-00001=20', '--traffic', 'web-00002=80']
    await world.ok('service', 'update', 'web', ...split)
    const file = join(world.folder, 'web.yaml')
    const words = ['--with-revisions', '--mode', 'export', '-o', 'yaml']
    writeFileSync(file, await world.ok('service', 'export', 'web', ...words))

    expect(await world.run(['service', 'import', file])).toMatchObject({exitCode: 7, stdout: ''})
    await world.ok('service', 'delete', 'web', '--wait')
    expect(await world.ok('service', 'import', file, '--no-wait')).toBe(
      "Service 'web' imported in namespace 'default'.\n",
    )

    const key = {namespace: 'default', name: 'web'}
    const {spec} = await world.cluster.client.get(SERVICES, key)
    expect(spec.traffic?.map(({revisionName, percent}) => [revisionName, percent])).toEqual([
      ['web-00001', 20],
      ['web-00002', 80],
    ])
    const configuration = await world.cluster.client.get(CONFIGURATIONS, key)
    const revision = await world.cluster.client.get(REVISIONS, {...key, name: 'web-00001'})
    expect(revision.spec.containers[0]?.env).toEqual([{name: 'V', value: '1'}])
    expect(revision.metadata.ownerReferences).toEqual([
      expect.objectContaining({kind: 'Configuration', uid: configuration.metadata.uid}),
    ])
  })

  test('a service is imported and waited for', async () => {
    const file = join(world.folder, 'plain.json')
    const service = {
      apiVersion: 'serving.knative.dev/v1',
      kind: 'Service',
      metadata: {name: 'plain', creationTimestamp: null},
      spec: {template: {spec: {containers: [{image: 'example.com/web'}]}}},
      status: {},
    }
    writeFileSync(file, JSON.stringify({spec: {service, revisions: null}}))
    const stdout = await world.ok('service', 'import', file)
    expect(stdout).toMatch(/^Importing service 'plain' in namespace 'default':\n\n/)
    expect(stdout).toMatch(
      /\nService 'plain' imported to latest revision 'plain-00001' is available at URL:\nhttp:.*\n$/,
    )
  })

  test.each([
    ['', "doesn't contain service name"],
    ['apiVersion: v1\nkind: List\nitems: []\n', "doesn't contain service name"],
    ['spec: {service: {metadata: {}}}', "doesn't contain service name"],
    ['spec: {service: {metadata: {name: a}, spec: {}}, revisions: [1]}', "doesn't contain"],
    ['a: [', 'is not valid YAML'],
  ])('%j is no export', async (text, message) => {
    const file = join(world.folder, 'broken.yaml')
    writeFileSync(file, text)
    world.requests()
    const run = await world.run(['service', 'import', file])
    expect(run).toMatchObject({exitCode: 2, stdout: ''})
    expect(run.stderr).toContain(message)
    expect(world.requests()).toEqual([])
  })
})
