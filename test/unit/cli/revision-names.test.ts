/** Names of revisions that somebody chose, on a whole embedded cluster. */
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {SERVICES} from '../../../src/api/serving/v1.ts'
import {type CommandCluster, startCommandCluster} from '../../support/command-cluster.ts'

const IMAGE = ['--image', 'example.com/web:1']

describe('a revision with a name of its own', () => {
  let world: CommandCluster
  const dir = mkdtempSync(join(tmpdir(), 'kntool-names-'))

  beforeAll(async () => {
    world = await startCommandCluster({handlers: {'example.com/*': () => new Response('ok')}})
  })

  afterAll(async () => {
    await world.stop()
    rmSync(dir, {recursive: true})
  })

  const templateOf = async (name: string) => {
    const {metadata, spec} = await world.cluster.client.get(SERVICES, {namespace: 'default', name})
    return {generation: metadata.generation, revision: spec.template.metadata?.name}
  }

  const manifest = (name: string, image: string): string => {
    const file = join(dir, `${name}.yaml`)
    writeFileSync(
      file,
      [
        'apiVersion: serving.knative.dev/v1',
        'kind: Service',
        `metadata: {name: ${name}}`,
        'spec:',
        '  template:',
        `    metadata: {name: ${name}-one}`,
        `    spec: {containers: [{image: ${image}}]}`,
        '',
      ].join('\n'),
    )
    return file
  }

  test('has to get another one to be changed, which update, its dry runs and create say', async () => {
    await world.ok('service', 'create', 'named', ...IMAGE, '--revision-name', 'named-one')
    for (const argv of [
      ['service', 'update', 'named', '--env', 'A=1'],
      ['service', 'update', 'named', '--env', 'A=1', '--dry-run', 'client'],
      ['service', 'update', 'named', '--env', 'A=1', '--diff'],
      ['revision', 'create', 'named', '--env', 'A=1'],
      ['service', 'create', 'named', ...IMAGE, '--env', 'A=1', '--force', '--revision-name', 'one'],
    ]) {
      const {exitCode, stdout, stderr} = await world.run(argv)
      expect({argv, exitCode, stdout}).toEqual({argv, exitCode: 2, stdout: expect.any(String)})
      expect(stderr).toContain(
        'Service \'named\' names its revision "named-one" (spec.template.metadata.name)',
      )
      expect(stderr).toContain('kntool service update named -n default --revision-name "" …')
      expect(stderr).not.toMatch(/v1\.RevisionTemplateSpec|-old \+new/)
    }
    expect(await templateOf('named')).toEqual({generation: 1, revision: 'named-one'})
  })

  test('loses it with an empty --revision-name, and gets one by a pattern', async () => {
    await world.ok('service', 'create', 'cleared', ...IMAGE, '--revision-name', 'one')
    const update = ['service', 'update', 'cleared']
    await world.ok(...update, '--env', 'A=1', '--revision-name', '')
    expect(await templateOf('cleared')).toEqual({generation: 2, revision: undefined})
    await world.ok(...update, '--env', 'A=2', '--revision-name', '{{.Service}}-{{.Generation}}')
    expect(await templateOf('cleared')).toEqual({generation: 3, revision: 'cleared-3'})
  })

  test('stays when the same file is applied again, however it is applied', async () => {
    const file = manifest('again', 'example.com/web:1')
    expect(await world.ok('apply', '-f', file)).toContain('again created')
    for (const argv of [[], ['--dry-run', 'client'], ['--dry-run', 'server'], ['--diff']]) {
      const text = await world.ok('apply', '-f', file, ...argv)
      expect(text).toMatch(/again unchanged|would stay as it is/)
    }
    expect(await world.ok('service', 'apply', '-f', file)).toContain('No changes to apply')
    expect(await templateOf('again')).toEqual({generation: 1, revision: 'again-one'})
    manifest('again', 'example.com/web:2')
    const {exitCode, stderr} = await world.run(['apply', '-f', file])
    expect(exitCode).toBe(2)
    expect(stderr).toContain(`${file}:1:1: Service 'again' names its revision "again-one"`)
    expect(stderr).toContain('Change spec.template.metadata.name in the file, or take it out')
  })

  test('changes labels and traffic of a file whose template stays', async () => {
    const file = manifest('around', 'example.com/web:1')
    await world.ok('apply', '-f', file)
    writeFileSync(
      file,
      [
        'apiVersion: serving.knative.dev/v1',
        'kind: Service',
        'metadata: {name: around, labels: {team: shop}}',
        'spec:',
        '  template:',
        '    metadata: {name: around-one}',
        '    spec: {containers: [{image: example.com/web:1}]}',
        '  traffic: [{revisionName: around-one, percent: 100, tag: stable}]',
        '',
      ].join('\n'),
    )
    expect(await world.ok('apply', '-f', file)).toContain('around configured')
    expect(await world.ok('apply', '-f', file)).toContain('around unchanged')
    const key = {namespace: 'default', name: 'around'}
    const {metadata, spec} = await world.cluster.client.get(SERVICES, key)
    expect(metadata.labels).toEqual({team: 'shop'})
    expect(spec.traffic).toMatchObject([{revisionName: 'around-one', tag: 'stable'}])
  })

  test('is made of a pattern by service apply, anew with every change and with nothing else', async () => {
    const apply = (value: string) =>
      world.ok(
        'service',
        'apply',
        'applied',
        ...IMAGE,
        '--env',
        `A=${value}`,
        '--revision-name',
        '{{.Service}}-{{.Generation}}',
      )
    await apply('1')
    expect(await templateOf('applied')).toEqual({generation: 1, revision: 'applied-1'})
    expect(await apply('1')).toContain('No changes to apply')
    await apply('2')
    expect(await templateOf('applied')).toEqual({generation: 2, revision: 'applied-2'})
    expect(await apply('2')).toContain('No changes to apply')
    const file = manifest('given', 'example.com/web:1')
    await world.ok('service', 'apply', '-f', file, '--revision-name', 'given-two')
    expect(await templateOf('given')).toEqual({generation: 1, revision: 'given-two'})
  })
})
